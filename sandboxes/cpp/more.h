/* How values of types cross whose headers a program includes beyond those of reference.h: behind the program. */
#include "values.h"
#ifndef HX_MORE
#define HX_MORE
#define HX_MAP(CONTAINER) \
    template<class K, class V, class... More> void put(Writer &out, const CONTAINER<K, V, More...> &all) { \
        out.open('m', all.size()); \
        for (const auto &each : all) { \
            put(out, each.first); \
            put(out, each.second); \
        } \
    } \
    template<class K, class V, class... More> void get(Reader &in, CONTAINER<K, V, More...> &all) { \
        all = CONTAINER<K, V, More...>(); \
        for (size_t left = in.open('m'); left; left--) { \
            K key = K(); \
            get(in, key); \
            get(in, all[key]); \
        } \
    }
namespace hx_values {
#ifdef _GLIBCXX_LIST
HX_LIST(std::list)
#endif
#ifdef _GLIBCXX_DEQUE
HX_LIST(std::deque)
#endif
#ifdef _GLIBCXX_SET
HX_LIST(std::set)
#endif
#ifdef _GLIBCXX_UNORDERED_SET
HX_LIST(std::unordered_set)
#endif
#ifdef _GLIBCXX_MAP
HX_MAP(std::map)
#endif
#ifdef _GLIBCXX_UNORDERED_MAP
HX_MAP(std::unordered_map)
#endif
#ifdef _GLIBCXX_TUPLE
template<size_t I, class T> struct Parts {
    static void put_all(Writer &out, const T &all) {
        Parts<I - 1, T>::put_all(out, all);
        put(out, std::get<I - 1>(all));
    }
    static void get_all(Reader &in, T &all) {
        Parts<I - 1, T>::get_all(in, all);
        get(in, std::get<I - 1>(all));
    }
    template<class R> static void give_all(Writer &out, As<R> as, const T &all) {
        Parts<I - 1, T>::give_all(out, as, all);
        hx_values::give(out, As<typename std::tuple_element<I - 1, R>::type>(), std::get<I - 1>(all));
    }
};
template<class T> struct Parts<0, T> {
    static void put_all(Writer &, const T &) {}
    static void get_all(Reader &, T &) {}
    template<class R> static void give_all(Writer &, As<R>, const T &) {}
};
template<class... T> void put(Writer &out, const std::tuple<T...> &all) {
    out.open('p', sizeof...(T));
    Parts<sizeof...(T), std::tuple<T...>>::put_all(out, all);
}
template<class... T> void get(Reader &in, std::tuple<T...> &all) {
    if (in.open('p') != sizeof...(T)) refused(false, "a tuple of another length was returned");
    Parts<sizeof...(T), std::tuple<T...>>::get_all(in, all);
}
template<class... A, class T> void give_all(Writer &out, As<std::tuple<A...>>, const T &all) {
    out.open('p', sizeof...(A));
    Parts<sizeof...(A), T>::give_all(out, As<std::tuple<A...>>(), all);
}
template<class... A, class... C>
typename std::enable_if<sizeof...(A) == sizeof...(C)>::type give_parts(Writer &out, As<std::tuple<A...>> as, const std::tuple<C...> &all) {
    give_all(out, as, all);
}
template<class A, class B, class C, class D> void give_parts(Writer &out, As<std::tuple<A, B>> as, const std::pair<C, D> &both) {
    give_all(out, as, both);
}
#endif
#if defined _GLIBCXX_OPTIONAL && __cplusplus >= 201703L /* the header may be there without its type */
template<class T> void put(Writer &out, const std::optional<T> &value) {
    if (value) put(out, *value);
    else out.tagged('n', "", 0);
}
template<class T> void get(Reader &in, std::optional<T> &value) {
    value.reset();
    if (*in.at == 'n') in.content('n', 0);
    else get(in, value.emplace());
}
template<class A, class B> void give_parts(Writer &out, As<std::optional<A>>, const std::optional<B> &value) {
    if (value) hx_values::give(out, As<A>(), *value);
    else out.tagged('n', "", 0);
}
template<class A, class B>
typename std::enable_if<std::is_convertible<const B &, A>::value>::type give_parts(Writer &out, As<std::optional<A>>, const B &value) {
    hx_values::give(out, As<A>(), value);
}
#endif
#ifdef BOOST_ANY_INCLUDED
void put_unknown(Writer &, const std::type_info &);
/* The closed list of what crosses in a boost::any: by its exact type. */
template<class T, class As = T> bool put_any(Writer &out, const boost::any &value, const char *name) {
    if (value.type() != typeid(T)) return false;
    const unsigned char size = (unsigned char)std::strlen(name);
    out.tagged('k', &size, 1);
    out.raw(name, size);
    put(out, As(*boost::any_cast<T>(&value)));
    return true;
}
template<class T> bool get_any(Reader &in, boost::any &value, const std::string &found, const char *name) {
    if (found != name) return false;
    T plain = T();
    get(in, plain);
    value = plain;
    return true;
}
inline void put(Writer &out, const boost::any &value) {
    if (value.empty()) return out.tagged('n', "", 0);
#define HX_PUT(T) put_any<T>(out, value, #T) ||
    if (!(HX_EACH_SCALAR(HX_PUT) put_any<const char *, std::string>(out, value, "char*"))) put_unknown(out, value.type());
}
inline void get(Reader &in, boost::any &value) {
    value = boost::any();
    if (*in.at == 'n') return void(in.content('n', 0));
    in.content('k', 0);
    const std::string found = in.text(1);
#define HX_GET(T) get_any<T>(in, value, found, #T) ||
    if (HX_EACH_SCALAR(HX_GET) false) return;
    if (!get_any<std::string>(in, value, found, "char*")) refused(false, "a " + found + " was returned, which is no plain value");
    value = (const char *)strdup(boost::any_cast<std::string>(value).c_str());
}
#endif
} // namespace hx_values
#endif
