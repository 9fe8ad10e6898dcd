/* The codec of values.md for C++: how values of each type are written and read, and what dispatchers and stubs are made of.
 *
 * A program has it in front of itself, in the precompiled header, so it may use the nine headers of reference.h alone;
 * more.h has the types of other headers. Whole messages have been checked (`valid`) before a Reader sees them: what is
 * left to check is that a value has the declared type. What is no template is in wire.cc.
 */
#ifndef HX_VALUES
#define HX_VALUES
#include "reference.h"
namespace hx_values {
struct TooLarge {}; /* what no message can hold */
[[noreturn]] void refused(bool claims, const std::string &why); /* what arrived is no value of the declared type */

struct Writer {
    std::string bytes;
    size_t values = 0;
    void start(char kind);
    void raw(const void *data, size_t size);
    void number(unsigned value); /* a count, not a value */
    void text(const std::string &);
    void tagged(char tag, const void *content, size_t size);
    void open(char tag, size_t count); /* a container */
    void integer(long long value, bool beyond = false); /* beyond: what is above the largest, as an unsigned one */
};

struct Reader {
    const char *at, *end;
    unsigned number();
    std::string text(size_t bytes_of_size = 4);
    const char *content(char tag, size_t size);
    size_t open(char tag);
    unsigned long long integer(long long least, unsigned long long most);
    void skip();
};

#define HX_EACH_INTEGER(X) X(signed char) X(unsigned char) X(short) X(unsigned short) X(int) X(unsigned) X(long) X(unsigned long) \
    X(long long) X(unsigned long long)
#define HX_EACH_SCALAR(X) HX_EACH_INTEGER(X) X(bool) X(char) X(float) X(double) X(std::string)
#define HX_DECLARE(T) void put(Writer &, const T &); void get(Reader &, T &);
HX_EACH_SCALAR(HX_DECLARE)

#define HX_LIST(CONTAINER) \
    template<class T, class... More> void put(Writer &out, const CONTAINER<T, More...> &all) { \
        out.open('l', all.size()); \
        for (const T &each : all) put(out, each); \
    } \
    template<class T, class... More> void get(Reader &in, CONTAINER<T, More...> &all) { \
        all = CONTAINER<T, More...>(); \
        for (size_t left = in.open('l'); left; left--) { \
            T each = T(); \
            get(in, each); \
            all.insert(all.end(), std::move(each)); \
        } \
    }
HX_LIST(std::vector)

template<class A, class B> void put(Writer &out, const std::pair<A, B> &both) {
    out.open('p', 2);
    put(out, both.first);
    put(out, both.second);
}
template<class A, class B> void get(Reader &in, std::pair<A, B> &both) {
    if (in.open('p') != 2) refused(false, "a tuple of another length was returned");
    get(in, both.first);
    get(in, both.second);
}

/* The candidate's side: a value of its own type, V, sent as one of the declared type, R. A number (what `+` makes one of: an
 * enumerator, an object that converts to it too) that R cannot hold is sent as it is, so that the tests' side refuses it;
 * a pair's, tuple's or optional's parts each for itself; what else there is becomes R as it would when it is assigned. */
template<class T> struct As {};
template<class T> struct Number : std::is_arithmetic<T> {};
#ifdef __SIZEOF_INT128__
template<> struct Number<__int128> : std::true_type {};
template<> struct Number<unsigned __int128> : std::true_type {};
#endif
#ifdef __SIZEOF_FLOAT128__
template<> struct Number<__float128> : std::true_type {};
#endif
template<class V> void beyond(Writer &out, const V &value, std::true_type) { put(out, value); }
template<class V> void beyond(Writer &out, const V &value, std::false_type) { put(out, static_cast<double>(value)); }
template<class R, class V> void give_number(Writer &out, const V &value) {
    const R kept = static_cast<R>(value);
    if (std::is_floating_point<R>::value || static_cast<V>(kept) == value) put(out, kept);
    else beyond(out, value, std::integral_constant<bool, std::is_arithmetic<V>::value && !std::is_same<V, long double>::value>());
}
template<class R, class V> void give(Writer &, As<R>, V &&);
template<class A, class B, class C, class D> void give_parts(Writer &out, As<std::pair<A, B>>, const std::pair<C, D> &both) {
    out.open('p', 2);
    hx_values::give(out, As<A>(), both.first);
    hx_values::give(out, As<B>(), both.second);
}
/* Ways to give a value; the highest that fits is taken. */
template<int N> struct Rank : Rank<N - 1> {};
template<> struct Rank<0> {};
template<class R, class V>
auto give_as(Writer &out, As<R>, V &&value, Rank<4>) -> typename std::enable_if<std::is_same<R, typename std::decay<V>::type>::value>::type {
    put(out, value);
}
template<class R, class V> auto give_as(Writer &out, As<R> as, V &&value, Rank<3>) -> decltype(give_parts(out, as, value)) {
    give_parts(out, as, value);
}
template<class R, class V>
auto give_as(Writer &out, As<R>, V &&value, Rank<2>) -> typename std::enable_if<
    std::is_arithmetic<R>::value && std::is_convertible<V, R>::value && Number<decltype(+std::forward<V>(value))>::value>::type {
    hx_values::give_number<R>(out, +std::forward<V>(value));
}
template<class R, class V> /* an object that becomes several numbers: R itself, or it does not compile */
auto give_as(Writer &out, As<R>, V &&value, Rank<1>) ->
    typename std::enable_if<std::is_arithmetic<decltype(R{std::forward<V>(value)})>::value>::type {
    put(out, R{std::forward<V>(value)});
}
template<class R, class V>
auto give_as(Writer &out, As<R>, V &&value, Rank<0>) -> typename std::enable_if<
    !(std::is_arithmetic<R>::value && std::is_convertible<V, R>::value && std::is_class<typename std::decay<V>::type>::value)>::type {
    const R &plain = std::forward<V>(value);
    put(out, plain);
}
template<class R, class V> void give(Writer &out, As<R> as, V &&value) {
    hx_values::give_as(out, as, std::forward<V>(value), Rank<4>());
}
struct Call {
    Reader in;
    Writer out;
    bool tell = false;     /* what the arguments are afterwards */
    size_t arguments, afterwards; /* where they begin, in either */
    template<class T> void take(T &argument) { get(in, argument); }
    void ready(); /* all arguments are there */
    template<class R, class V> void give(V &&value) { hx_values::give(out, As<R>(), std::forward<V>(value)); }
    void nothing();
    void after(unsigned count);
    template<class T> void again(const T &argument) { put(out, argument); }
    void changed();
};
typedef void Function(Call &);
int answer(Function *const functions[], unsigned count);

/* The tests' side: a call, and a check. */
Writer &question(unsigned function, bool tell, unsigned count);
Reader reply();
template<class T> void get_back(Reader &in, T &argument) { get(in, argument); }
template<class T> void get_back(Reader &in, const T &) { in.skip(); }
void check(bool holds, const char *condition);
} // namespace hx_values
#endif
