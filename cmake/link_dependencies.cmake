# What quantconf::core is linked with. Read by our own build and, installed beside the package file, by every
# find_package(quantconf), so that no path of the build machine is written into the package. Static archives are
# preferred: the tool shall start like a small C program.
#
# Libraries that are not there are named in quantconf_missing_libraries; the reader decides what that means.

set(quantconf_missing_libraries)
foreach(name yaml re2 utf8proc crypto sodium sqlite3)
  find_library(QUANTCONF_${name}_LIBRARY NAMES lib${name}.a ${name})
  mark_as_advanced(QUANTCONF_${name}_LIBRARY)
  if(NOT QUANTCONF_${name}_LIBRARY)
    list(APPEND quantconf_missing_libraries lib${name})
  elseif(NOT TARGET quantconf_dep_${name})
    add_library(quantconf_dep_${name} INTERFACE IMPORTED GLOBAL)
    target_link_libraries(quantconf_dep_${name} INTERFACE ${QUANTCONF_${name}_LIBRARY})
    # What a program links statically is for us alone. Otherwise a shared library that needs another copy of the same
    # code (libcurl's libssl: libcrypto.so) finds part of its functions here, and TLS fails in the middle.
    target_link_options(quantconf_dep_${name} INTERFACE "LINKER:--exclude-libs,lib${name}.a")
  endif()
endforeach()
