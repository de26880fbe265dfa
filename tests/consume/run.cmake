# Installs into a fresh prefix, moves it, and builds an outside project against it: what a user of the package does.
# Run by ctest with build_dir, source_dir, config, compiler and flags.

set(work ${build_dir}/consume)
file(REMOVE_RECURSE ${work})

function(run what)
  message(STATUS "${what}")
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what}: failed (${result})\n${output}")
  endif()
  set(output ${output} PARENT_SCOPE)
endfunction()

# build_outside(NAME SOURCE): configures, builds and leaves the program in ${work}/NAME/NAME.
function(build_outside name source)
  run("configure ${name}" ${CMAKE_COMMAND} -S ${source} -B ${work}/${name} -G Ninja
    -D CMAKE_BUILD_TYPE=${config} -D CMAKE_CXX_COMPILER=${compiler} -D "CMAKE_CXX_FLAGS=${flags}"
    -D CMAKE_PREFIX_PATH=${work}/moved -D CMAKE_COMPILE_WARNING_AS_ERROR=ON)
  run("build ${name}" ${CMAKE_COMMAND} --build ${work}/${name})
endfunction()

run("install" ${CMAKE_COMMAND} --install ${build_dir} --prefix ${work}/prefix --config "${config}")
file(RENAME ${work}/prefix ${work}/moved)  # A package that only works where it was installed fails from here on.

file(GLOB_RECURSE package_files ${work}/moved/*.cmake)
foreach(file ${package_files})
  file(STRINGS ${file} paths REGEX "(${source_dir}|${build_dir})")
  if(paths)
    message(FATAL_ERROR "${file} names a folder of the machine that built it: ${paths}")
  endif()
endforeach()

build_outside(consumer ${CMAKE_CURRENT_LIST_DIR})
run("run consumer" ${work}/consumer/consumer ${source_dir}/examples/config)
message(STATUS "it says: ${output}")
run("look at its libraries" ldd ${work}/consumer/consumer)
if(output MATCHES "libcurl|libmicrohttpd")
  message(FATAL_ERROR "quantconf::core must not bring a network library:\n${output}")
endif()

build_outside(sources_consumer ${CMAKE_CURRENT_LIST_DIR}/sources)
run("run sources_consumer" ${work}/sources_consumer/sources_consumer ${source_dir}/examples/config ${work}/quota)
message(STATUS "it says: ${output}")

# refuse_components(REASON COMPONENTS [OPTION...]): who asks for what is not there hears why.
function(refuse_components reason components)
  file(WRITE ${work}/refused/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)
project(refused LANGUAGES CXX)
find_package(quantconf 0.1 REQUIRED COMPONENTS ${components})
")
  execute_process(COMMAND ${CMAKE_COMMAND} --fresh -S ${work}/refused -B ${work}/refused/build -G Ninja
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_PREFIX_PATH=${work}/moved ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")  # CMake breaks lines where it likes.
  string(FIND "${output}" "${reason}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "COMPONENTS ${components}: exit code ${result}, and not '${reason}':\n${output}")
  endif()
endfunction()

refuse_components("quantconf has no component source: there are core and sources" "core source")
refuse_components("quantconf::sources is linked with libcurl and libdate-tz, one of which is not found here" sources
  -D QUANTCONF_curl_LIBRARY=)

# Who has no libcurl builds with the core all the same: the package says so by having no quantconf::sources.
run("configure without libcurl" ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/without_curl -G Ninja
  -D CMAKE_BUILD_TYPE=${config} -D CMAKE_CXX_COMPILER=${compiler} -D "CMAKE_CXX_FLAGS=${flags}"
  -D CMAKE_PREFIX_PATH=${work}/moved -D QUANTCONF_curl_LIBRARY=)
file(GLOB_RECURSE public_headers ${work}/moved/include/quantconf/*.hpp)
foreach(header ${public_headers})
  file(STRINGS ${header} includes REGEX "#include <(curl|date)/")
  if(includes)
    message(FATAL_ERROR "${header} needs a header of libcurl or of the time zones: ${includes}")
  endif()
endforeach()

foreach(script bash-completion/completions/quantconf zsh/site-functions/_quantconf fish/vendor_completions.d/quantconf.fish)
  file(READ ${work}/moved/share/${script} text)
  if(text MATCHES "@[A-Z_]+@" OR NOT text MATCHES "rollback")
    message(FATAL_ERROR "share/${script} is no completion script but its template")
  endif()
endforeach()

run("run the installed tool" ${work}/moved/bin/quantconf version)
message(STATUS "it says: ${output}")

build_outside(own_schema ${source_dir}/examples/own_schema)
run("run own_schema" ${work}/own_schema/own_schema ${source_dir}/examples/own_schema/config production)
message(STATUS "it says: ${output}")

# Needs somebody to ask when it runs: that it can be built from outside is what counts here.
build_outside(cpp_pipeline ${source_dir}/examples/cpp_pipeline)
