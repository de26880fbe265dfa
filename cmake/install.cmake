# `cmake --install`: the library with its headers, the CMake package, the tool and the documents.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/quantconf)

install(TARGETS quantconf_core EXPORT quantconf_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT quantconf_targets NAMESPACE quantconf:: DESTINATION ${package_dir})
install(TARGETS quantconf_providers EXPORT quantconf_sources_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT quantconf_sources_targets NAMESPACE quantconf:: DESTINATION ${package_dir})
if(TARGET quantconf)
  install(TARGETS quantconf quantconf_vault quantconf_net_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# Completion scripts as the tool prints them: its sources are templates without the names of commands.
if(TARGET quantconf)
  set(completion ${PROJECT_BINARY_DIR}/completion)
  foreach(shell bash zsh fish)
    install(CODE "file(MAKE_DIRECTORY \"${completion}\")
      execute_process(COMMAND \"$<TARGET_FILE:quantconf>\" completion ${shell} OUTPUT_FILE \"${completion}/${shell}\"
                      COMMAND_ERROR_IS_FATAL ANY)")
  endforeach()
  install(FILES ${completion}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME quantconf)
  install(FILES ${completion}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _quantconf)
  install(FILES ${completion}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME quantconf.fish)
endif()

configure_package_config_file(cmake/quantconf_config.cmake.in ${PROJECT_BINARY_DIR}/quantconfConfig.cmake
  INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may break programs: 0.1 does not satisfy who asks for 0.2, nor the other way round.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/quantconfConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/quantconfConfig.cmake
  ${PROJECT_BINARY_DIR}/quantconfConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/link_dependencies.cmake
  ${PROJECT_SOURCE_DIR}/cmake/link_sources.cmake
  DESTINATION ${package_dir})

install(FILES README.md ARCHITECTURE.md SECURITY.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
