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

/* The candidate's side: one call. A number of another type than the declared one is sent as it is where the declared
 * type cannot hold it, so that the tests' side refuses it; what is no number becomes the declared type as it would when
 * it is assigned. */
struct Call {
    Reader in;
    Writer out;
    bool tell = false;     /* what the arguments are afterwards */
    size_t arguments, afterwards; /* where they begin, in either */
    template<class T> void take(T &argument) { get(in, argument); }
    void ready(); /* all arguments are there */
    template<class R, class V> void give(V &&value) {
        typedef typename std::decay<V>::type Own;
        give<R>(value, std::integral_constant<bool, std::is_arithmetic<R>::value && std::is_arithmetic<Own>::value>());
    }
    template<class R, class V> void give(V &value, std::true_type) {
        const R kept = static_cast<R>(value);
        if (std::is_floating_point<R>::value || static_cast<typename std::decay<V>::type>(kept) == value) put(out, kept);
        else put(out, value);
    }
    template<class R, class V> void give(V &value, std::false_type) {
        const R &plain = std::move(value);
        put(out, plain);
    }
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
