// A file for the compiler to make precompiled.hpp's other form with.
