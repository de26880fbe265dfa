# One line per domain folder keeps every CMakeLists.txt readable.

add_library(quantconf_warnings INTERFACE)
target_compile_options(quantconf_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>  # Plain -Wshadow of g++ 12 also complains about enumerators.
  # False alarms of g++ 12 at -O2 and above: "a" + std::string{...} (GCC bug 105651, mended in 13), and the unset
  # shared_ptr of an aggregate that was moved from (GCC bug 105562). ASan and UBSan look for the real ones.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict -Wno-maybe-uninitialized>
  # libstdc++ 12 itself uses what it has declared deprecated, inside std::stable_sort.
  $<$<CXX_COMPILER_ID:Clang>:-Wshadow -Wthread-safety -Wno-deprecated-declarations>)

# Headers that nearly every file reads, parsed once per build folder: a third of the time of a build goes into them. Files still
# include what they use: the library itself is compiled so only under sanitizers, and the release build would notice.
option(QUANTCONF_PRECOMPILE "Compile the library with a precompiled header" OFF)
mark_as_advanced(QUANTCONF_PRECOMPILE)
add_library(quantconf_precompiled OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(quantconf_precompiled PRIVATE quantconf_warnings quantconf_fmt)
target_precompile_headers(quantconf_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)

function(quantconf_precompile target)
  if(QUANTCONF_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM quantconf_precompiled)
  endif()
endfunction()

# quantconf_gtest_program(name_test file...): a program of GoogleTest that sees src and tests. Not optimised: nobody measures
# tests, and compiling them is most of the work.
function(quantconf_gtest_program name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE QUANTCONF_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE -O0)
  target_link_libraries(${name} PRIVATE quantconf_warnings quantconf_fmt Threads::Threads GTest::gtest_main)
  if(NOT TARGET quantconf_precompiled_test)
    add_library(quantconf_precompiled_test OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    target_compile_options(quantconf_precompiled_test PRIVATE -O0)
    target_link_libraries(quantconf_precompiled_test PRIVATE quantconf_warnings quantconf_fmt Threads::Threads GTest::gtest_main)
    target_precompile_headers(quantconf_precompiled_test PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp <gtest/gtest.h>)
  endif()
  target_precompile_headers(${name} REUSE_FROM quantconf_precompiled_test)
endfunction()

# quantconf_domain(layers LIBRARIES ...): every *.cpp of src/layers but the tests, as objects of quantconf_core, or of the
# library that INTO names; every *_test.cpp as one test program.
function(quantconf_domain name)
  cmake_parse_arguments(ARG "" "INTO" "LIBRARIES" ${ARGN})
  if(NOT ARG_INTO)
    set(ARG_INTO quantconf_core)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    return()
  endif()
  add_library(quantconf_${name} OBJECT ${sources})
  target_include_directories(quantconf_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(quantconf_${name} PRIVATE quantconf_warnings quantconf_fmt ${ARG_LIBRARIES})
  quantconf_precompile(quantconf_${name})
  target_sources(${ARG_INTO} PRIVATE $<TARGET_OBJECTS:quantconf_${name}>)
  target_link_libraries(${ARG_INTO} PRIVATE ${ARG_LIBRARIES})
  if(tests AND BUILD_TESTING AND PROJECT_IS_TOP_LEVEL)
    quantconf_gtest_program(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${ARG_INTO})
    add_test(NAME unit.${name} COMMAND ${name}_test)
  endif()
endfunction()

# quantconf_embed_text(quantconf_sources sources/catalogue.yaml FUNCTION ... HEADER ...): a function of that target that returns
# the text of the file.
function(quantconf_embed_text target file)
  cmake_parse_arguments(ARG "" "FUNCTION;HEADER" "" ${ARGN})
  get_filename_component(name ${file} NAME_WE)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_text.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DFUNCTION=${ARG_FUNCTION} -DHEADER=${ARG_HEADER}
            -DOUTPUT=${output} -P ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
