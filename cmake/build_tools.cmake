# Tools that only make our own build faster: used where they are installed, never asked of those who build us as
# part of their project.

find_program(QUANTCONF_CCACHE ccache)
find_program(QUANTCONF_MOLD mold)
mark_as_advanced(QUANTCONF_CCACHE QUANTCONF_MOLD)

if(QUANTCONF_CCACHE)
  # NOHASHDIR: two build folders of one checkout share their results. SLOPPINESS: what ccache's manual asks for where headers
  # are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${QUANTCONF_CCACHE})
endif()
if(QUANTCONF_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
