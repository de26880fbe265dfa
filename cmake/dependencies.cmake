# Every third-party library, found once. Static archives are preferred, so that the tool starts like a small C program.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

# quantconf_find(yaml HEADER yaml.h): an imported target quantconf_dep_yaml.
function(quantconf_find name)
  cmake_parse_arguments(ARG "" "HEADER" "" ${ARGN})
  find_library(QUANTCONF_${name}_LIBRARY NAMES lib${name}.a ${name} REQUIRED)
  find_path(QUANTCONF_${name}_INCLUDE ${ARG_HEADER} REQUIRED)
  add_library(quantconf_dep_${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(quantconf_dep_${name} INTERFACE ${QUANTCONF_${name}_LIBRARY})
endfunction()

quantconf_find(yaml HEADER yaml.h)
quantconf_find(re2 HEADER re2/re2.h)
quantconf_find(utf8proc HEADER utf8proc.h)
quantconf_find(crypto HEADER openssl/sha.h)
