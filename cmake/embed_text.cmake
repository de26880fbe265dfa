# cmake -DFILE=a.yaml -DFUNCTION=quantconf::x::text -DHEADER=x/text.hpp -DOUTPUT=out.cpp -P embed_text.cmake
# Compiles one text file into a library, so that it needs no installed data.
file(READ ${FILE} text)
file(WRITE ${OUTPUT} "// Made by cmake/embed_text.cmake.
#include \"${HEADER}\"

std::string_view ${FUNCTION}() {
    return R\"QCEMBED(${text})QCEMBED\";
}
")
