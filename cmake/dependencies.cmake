# Every third-party library that our own build needs, found once. ARCHITECTURE.md says why each one is there.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
# Headers of fmt alone; src/base/fmt.cpp says why.
add_library(quantconf_fmt INTERFACE)
target_include_directories(quantconf_fmt SYSTEM INTERFACE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)

include(cmake/link_dependencies.cmake)
include(cmake/link_sources.cmake)
if(NOT TARGET quantconf_dep_curl)
  list(APPEND quantconf_missing_libraries libcurl)
endif()
if(quantconf_missing_libraries)
  message(FATAL_ERROR "not found: ${quantconf_missing_libraries}; scripts/install-deps installs what the build needs")
endif()
if(BUILD_TESTING AND PROJECT_IS_TOP_LEVEL)
  find_package(GTest QUIET)
  if(NOT GTest_FOUND)
    message(FATAL_ERROR "GoogleTest not found; scripts/install-deps --test installs it, -DBUILD_TESTING=OFF builds without tests")
  endif()
endif()
