/* What most programs instantiate from the nine headers, compiled once instead of in every program.
 *
 * Read twice. As the precompiled header (HX_USE): `extern template` says that the code is elsewhere, and
 * hx_warm_use names the members that programs use, so that the compile server can instantiate them before it
 * forks. As a source file (HX_TEMPLATE=template): the code itself, for templates.so, with the programs' flags.
 * Only standard types are named here, so no program can see a difference, but by specialising one of these
 * instantiations for itself: that is compiled once more, without this. No name is declared outside hx_warm_use. */
#include "values.h"
#ifndef HX_TEMPLATE
#define HX_TEMPLATE extern template
#endif
#define HX_ITER(T) \
  HX_TEMPLATE class __gnu_cxx::__normal_iterator<T*, std::vector<T>>; \
  HX_TEMPLATE class __gnu_cxx::__normal_iterator<const T*, std::vector<T>>; \
  HX_TEMPLATE bool __gnu_cxx::operator==(const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&, const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&); \
  HX_TEMPLATE bool __gnu_cxx::operator!=(const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&, const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&); \
  HX_TEMPLATE bool __gnu_cxx::operator==(const __gnu_cxx::__normal_iterator<const T*, std::vector<T>>&, const __gnu_cxx::__normal_iterator<const T*, std::vector<T>>&); \
  HX_TEMPLATE bool __gnu_cxx::operator!=(const __gnu_cxx::__normal_iterator<const T*, std::vector<T>>&, const __gnu_cxx::__normal_iterator<const T*, std::vector<T>>&); \
  HX_TEMPLATE __gnu_cxx::__normal_iterator<T*, std::vector<T>>::difference_type __gnu_cxx::operator-(const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&, const __gnu_cxx::__normal_iterator<T*, std::vector<T>>&);
#define HX_VECTOR(T) \
  HX_TEMPLATE class std::__new_allocator<T>; \
  HX_TEMPLATE class std::allocator<T>; \
  HX_TEMPLATE class std::initializer_list<T>; \
  HX_TEMPLATE struct std::_Vector_base<T, std::allocator<T>>; \
  HX_TEMPLATE class std::vector<T>; \
  HX_ITER(T) \
  HX_TEMPLATE bool std::operator==(const std::vector<T>&, const std::vector<T>&);
#define HX_ORDERED(T) \
  HX_TEMPLATE void std::sort(__gnu_cxx::__normal_iterator<T*, std::vector<T>>, __gnu_cxx::__normal_iterator<T*, std::vector<T>>); \
  HX_TEMPLATE void std::reverse(__gnu_cxx::__normal_iterator<T*, std::vector<T>>, __gnu_cxx::__normal_iterator<T*, std::vector<T>>); \
  HX_TEMPLATE __gnu_cxx::__normal_iterator<T*, std::vector<T>> std::find(__gnu_cxx::__normal_iterator<T*, std::vector<T>>, __gnu_cxx::__normal_iterator<T*, std::vector<T>>, const T&); \
  HX_TEMPLATE __gnu_cxx::__normal_iterator<T*, std::vector<T>> std::max_element(__gnu_cxx::__normal_iterator<T*, std::vector<T>>, __gnu_cxx::__normal_iterator<T*, std::vector<T>>); \
  HX_TEMPLATE __gnu_cxx::__normal_iterator<T*, std::vector<T>> std::min_element(__gnu_cxx::__normal_iterator<T*, std::vector<T>>, __gnu_cxx::__normal_iterator<T*, std::vector<T>>); \
  HX_TEMPLATE const T& std::max(const T&, const T&); \
  HX_TEMPLATE const T& std::min(const T&, const T&);
HX_VECTOR(int)
HX_VECTOR(float)
HX_VECTOR(double)
HX_VECTOR(char)
HX_VECTOR(long long)
HX_VECTOR(std::string)
HX_VECTOR(std::vector<int>)
HX_VECTOR(std::vector<std::string>)
HX_ORDERED(int)
HX_ORDERED(float)
HX_ORDERED(double)
HX_ORDERED(std::string)
HX_TEMPLATE bool std::operator==(const std::string&, const char*);
HX_TEMPLATE bool std::operator!=(const std::string&, const char*);
HX_TEMPLATE bool std::operator!=(const std::string&, const std::string&);
HX_TEMPLATE bool std::operator<(const std::string&, const std::string&);
HX_TEMPLATE bool std::operator>(const std::string&, const std::string&);
HX_TEMPLATE std::string std::operator+(const std::string&, const std::string&);
HX_TEMPLATE std::string std::operator+(std::string&&, std::string&&);
HX_TEMPLATE std::string std::operator+(std::string&&, const std::string&);
HX_TEMPLATE std::string std::operator+(const std::string&, std::string&&);
HX_TEMPLATE std::string std::operator+(const std::string&, const char*);
HX_TEMPLATE std::string std::operator+(std::string&&, const char*);
HX_TEMPLATE std::string std::operator+(const char*, const std::string&);
HX_TEMPLATE std::string std::operator+(const char*, std::string&&);
HX_TEMPLATE std::string std::operator+(const std::string&, char);
HX_TEMPLATE std::string std::operator+(std::string&&, char);
HX_TEMPLATE std::string std::operator+(char, const std::string&);
HX_TEMPLATE std::string std::operator+(char, std::string&&);
#define HX_CODEC(T) \
  HX_TEMPLATE void hx_values::Call::take(T&); \
  HX_TEMPLATE void hx_values::Call::give<T>(T&&);
#define HX_CODEC_VECTOR(T) \
  HX_TEMPLATE void hx_values::put(hx_values::Writer&, const std::vector<T>&); \
  HX_TEMPLATE void hx_values::get(hx_values::Reader&, std::vector<T>&); \
  HX_CODEC(std::vector<T>)
HX_CODEC(bool)
HX_CODEC(int)
HX_CODEC(long long)
HX_CODEC(float)
HX_CODEC(double)
HX_CODEC(std::string)
HX_CODEC_VECTOR(int)
HX_CODEC_VECTOR(float)
HX_CODEC_VECTOR(double)
HX_CODEC_VECTOR(long long)
HX_CODEC_VECTOR(std::string)
HX_CODEC_VECTOR(std::vector<int>)
HX_CODEC_VECTOR(std::vector<std::string>)

#ifdef HX_USE
namespace hx_warm_use {
template<class V, class T> inline void vec(const T& t, std::initializer_list<T> l) {
  V a; V b(l); V c(3); V d(3, t); V e(a); V f(std::move(a)); V g(b.begin(), b.end()); const V& k = b; V h{t, t}; V m = {t};
  a = b; a = std::move(c); a = l; a = V(); a = {}; 
  a.push_back(t); a.push_back(T(t)); a.pop_back(); a.clear(); a.resize(2); a.resize(2, t); a.reserve(3);
  a.size(); k.size(); a.empty(); a.capacity(); a.begin(); a.end(); k.begin(); k.end(); a.rbegin(); a.rend(); a.front(); a.back(); k.front(); k.back();
  a[0]; k[0]; a.at(0); k.at(0); a.insert(a.begin(), t); a.insert(a.end(), b.begin(), b.end()); a.erase(a.begin()); a.erase(a.begin(), a.end()); a.swap(b); a.data(); a.assign(2, t); a.assign(l);
  a == b; a != b;
  for (auto i = a.begin(); i != a.end(); ++i) { *i; i++; i--; --i; i + 1; i - 1; i += 1; i -= 1; i[0]; i - a.begin(); i < a.end(); i == a.end(); }
  for (auto i = k.begin(); i != k.end(); i++) { *i; ++i; i + 1; i == k.end(); }
  for (T x : a) { (void)x; } for (const T& x : k) { (void)x; } for (T& x : a) { (void)x; } for (auto x : k) { (void)x; }
  std::reverse(a.begin(), a.end());
}
template<class V, class T> inline void ordered(V& a, const T& t) {
  std::sort(a.begin(), a.end()); std::sort(a.begin(), a.end(), [](T x, T y) { return x < y; }); std::find(a.begin(), a.end(), t); std::max_element(a.begin(), a.end()); std::min_element(a.begin(), a.end());
  std::max(t, t); std::min(t, t); T x = t, y = t; std::swap(x, y); std::swap(a[0], a[0]); std::count(a.begin(), a.end(), t);
}
inline void codec(hx_values::Call& call) {
#define HX_CROSSES(T) { T x; call.take(x); call.give<T>(std::move(x)); }
  HX_CROSSES(bool) HX_CROSSES(int) HX_CROSSES(long long) HX_CROSSES(float) HX_CROSSES(double) HX_CROSSES(std::string)
  HX_CROSSES(std::vector<int>) HX_CROSSES(std::vector<float>) HX_CROSSES(std::vector<double>) HX_CROSSES(std::vector<long long>)
  HX_CROSSES(std::vector<std::string>) HX_CROSSES(std::vector<std::vector<int>>) HX_CROSSES(std::vector<std::vector<std::string>>)
#undef HX_CROSSES
}
inline void all() {
  std::vector<int> vi; std::vector<float> vf; std::vector<double> vd; std::vector<std::string> vs;
  std::string s, u; const std::string k;
  vec<std::vector<int>, int>(1, {1}); vec<std::vector<float>, float>(1, {1}); vec<std::vector<double>, double>(1, {1}); vec<std::vector<char>, char>(1, {1});
  vec<std::vector<long long>, long long>(1, {1}); vec<std::vector<std::string>, std::string>(s, {s}); vec<std::vector<std::vector<int>>, std::vector<int>>(vi, {vi}); vec<std::vector<std::vector<std::string>>, std::vector<std::string>>(vs, {vs});
  ordered(vi, 1); ordered(vf, 1.f); ordered(vd, 1.); ordered(vs, s);
  s == u; s != u; s < u; s > u; s <= u; s >= u; s == ""; "" == s; s != ""; s + u; s + ""; "" + s; s + 'a'; 'a' + s; s + u + u; s + "a" + "b"; s + u + 'a'; s + 'a' + 'a'; s + (s + u); "" + (s + u); 'a' + (s + u); (s + u) + (s + u);
  s += u; s += 'a'; s += "a"; s = ""; s = u; s = s + u; s = 'a'; std::string a("a"), b(3, 'a'), c(s, 1, 2), d(s), e(std::move(d)), f(s.begin(), s.end()), g{'a', 'b'}, h("ab", 1);
  std::string r(s.rbegin(), s.rend());
  s.length(); s.size(); s.empty(); s[0]; k[0]; s.at(0); k.at(0); s.substr(1); s.substr(1, 2); s.find("a"); s.find('a'); s.find(u); s.rfind("a"); s.push_back('a'); s.pop_back(); s.back(); s.front(); s.begin(); s.end(); s.rbegin(); s.rend(); k.begin(); k.end(); s.c_str(); s.insert(0, "a"); s.insert(s.begin(), 'a'); s.erase(0, 1); s.erase(s.begin()); s.append(u); s.append("a"); s.append(1, 'a'); s.replace(0, 1, "a"); s.compare(u); s.clear(); s.resize(1); s.reserve(3); s.find_first_of("a"); s.find_last_of("a"); s.swap(u);
  for (char x : s) { (void)x; } for (char& x : s) { (void)x; } for (auto x : k) { (void)x; }
  for (auto i = s.begin(); i != s.end(); i++) { *i; ++i; i + 1; i - s.begin(); }
  std::reverse(s.begin(), s.end()); std::sort(s.begin(), s.end()); std::find(s.begin(), s.end(), 'a'); std::count(s.begin(), s.end(), 'a'); std::transform(s.begin(), s.end(), s.begin(), ::tolower); std::swap(s[0], s[0]);
  std::to_string(1); std::to_string(1.0); std::to_string(1ll); std::to_string(1u); std::stoi(s); std::atoi("1"); std::stod(s); std::stof(s); std::stoll(s); std::stol(s);
  std::abs(1.f); std::abs(1.); std::abs(1); std::abs(1l); std::abs(1ll); std::pow(1, 1); std::pow(1., 1); std::pow(1., 1.); std::pow(1.f, 1); std::pow(1.f, 1.); std::sqrt(1); std::sqrt(1.); std::sqrt(1.f); std::round(1.f); std::round(1.); std::floor(1.f); std::floor(1.); std::ceil(1.); std::ceil(1.f); std::floor(1); std::ceil(1); std::log(1); std::log(1.f); std::log10(1); std::fabs(1.f); std::fmod(1., 1);
  std::cout << 1 << "a" << 'a' << s << 1.0 << 1.f << 1u << 1l << 1ul << std::endl; std::max({1, 2}); std::min({1, 2}); std::max(1ul, 1ul); std::min(1ul, 1ul);
}
}
#endif
#undef HX_USE
#undef HX_ITER
#undef HX_VECTOR
#undef HX_ORDERED
#undef HX_CODEC
#undef HX_CODEC_VECTOR
#undef HX_TEMPLATE
