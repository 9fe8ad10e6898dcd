/* What the run server knows of messages beyond values.h. */
#include "values.h"
#include <typeinfo>
namespace hx_values {
enum : size_t { MAX_BYTES = 64u << 20, MAX_VALUES = 4000000, MAX_DEPTH = 200, SHOWN = 300 };
bool valid(Reader &in, unsigned depth, size_t &values); /* whether a value is there, whole and within the limits; behind it then */
void refuse(Writer &, const std::string &why);
std::string name_of(const std::type_info &);
std::string shown(Reader in, size_t count); /* values as C++ writes them */
std::string cut(const std::string &); /* to what a report has room for */
} // namespace hx_values
