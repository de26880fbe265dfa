# What quantconf::sources is linked with besides quantconf::core. Installed too: who does not find all of them gets the core alone.

find_library(QUANTCONF_curl_LIBRARY NAMES curl)
mark_as_advanced(QUANTCONF_curl_LIBRARY)
if(QUANTCONF_curl_LIBRARY AND NOT TARGET quantconf_dep_curl)
  add_library(quantconf_dep_curl INTERFACE IMPORTED GLOBAL)
  target_link_libraries(quantconf_dep_curl INTERFACE ${QUANTCONF_curl_LIBRARY})
endif()
# Time zones of calendar windows.
find_library(QUANTCONF_tz_LIBRARY NAMES date-tz)
mark_as_advanced(QUANTCONF_tz_LIBRARY)
if(QUANTCONF_tz_LIBRARY AND NOT TARGET quantconf_dep_tz)
  add_library(quantconf_dep_tz INTERFACE IMPORTED GLOBAL)
  target_link_libraries(quantconf_dep_tz INTERFACE ${QUANTCONF_tz_LIBRARY})
endif()
