# cmake -DFILES=a,b -DFUNCTION=embedded_examples -DOUTPUT=out.cpp -P embed.cmake
# Compiles text files into the program, so that it needs no installed data.
string(REPLACE "," ";" files "${FILES}")
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME)
  file(READ ${path} text)
  string(APPEND entries "        {\"${name}\", R\"QCEMBED(${text})QCEMBED\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.
#include <array>

#include \"apps/quantconf/embedded.hpp\"

namespace quantconf::app {

std::span<const EmbeddedFile> ${FUNCTION}() {
    static constexpr auto kFiles = std::to_array<EmbeddedFile>({
${entries}    });
    return kFiles;
}

}  // namespace quantconf::app
")
