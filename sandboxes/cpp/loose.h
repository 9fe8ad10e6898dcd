/* Arguments for a program whose head takes other types than the declared ones, where plain g++ compiles it with its tests: as
 * a list in braces or a literal becomes what it is given for. */
#include "values.h"
#ifndef HX_LOOSE
#define HX_LOOSE
namespace hx_values {
inline void become(const std::string &from, const char *&to, Rank<1>) { to = from.c_str(); }
template<class A, class B> auto become(const A &from, B &to, Rank<1>) -> decltype(void(to = from)) { to = from; }
template<class A, class B> void become(const A &from, B &to, Rank<0>) {
    for (const auto &each : from) {
        typename B::value_type element = typename B::value_type();
        become(each, element, Rank<1>());
        to.insert(to.end(), std::move(element));
    }
}
template<class A> struct Loose {
    const A &value;
    template<class B> operator B() const {
        B other = B();
        become(value, other, Rank<1>());
        return other;
    }
};
template<class A> Loose<A> loose(const A &value) { return Loose<A>{value}; }
} // namespace hx_values
#endif
