/* The part of the C++ codec that is no template: writing and reading single values, checking and showing whole messages. */
#include "wire.h"

#include <cxxabi.h>
#include <limits>
#include <stdint.h>

namespace hx_values {
void Writer::start(char kind) {
    bytes.assign(1, kind);
    values = 0;
}

void Writer::raw(const void *data, size_t size) {
    if (size > MAX_BYTES - bytes.size()) throw TooLarge();
    bytes.append(static_cast<const char *>(data), size);
}

void Writer::number(unsigned value) { raw(&value, 4); }

void Writer::text(const std::string &text) {
    if (text.size() > MAX_BYTES) throw TooLarge();
    number((unsigned)text.size());
    raw(text.data(), text.size());
}

void Writer::tagged(char tag, const void *content, size_t size) {
    if (++values > MAX_VALUES) throw TooLarge();
    raw(&tag, 1);
    raw(content, size);
}

void Writer::open(char tag, size_t count) {
    if (count > MAX_VALUES) throw TooLarge();
    const unsigned size = (unsigned)count;
    tagged(tag, &size, 4);
}

void Writer::integer(long long value, bool beyond) {
    if (!beyond) return tagged('i', &value, 8);
    const char nine[4] = {9};
    tagged('I', nine, 4);
    raw(&value, 8);
    raw("", 1);
}

unsigned Reader::number() {
    unsigned value;
    memcpy(&value, at, 4);
    at += 4;
    return value;
}

std::string Reader::text(size_t bytes_of_size) {
    const size_t size = bytes_of_size == 1 ? (unsigned char)*at++ : number();
    at += size;
    return std::string(at - size, size);
}

static const char *kind_of(char tag) {
    switch (tag) {
    case 'n': return "nothing";
    case 't': case 'f': return "a bool";
    case 'i': case 'I': return "an integer";
    case 'd': return "a double";
    case 'e': return "a float";
    case 'c': return "a character";
    case 'b': return "a string";
    case 'l': return "a list";
    case 'p': return "a tuple";
    case 'm': return "a map";
    case 'k': return "an any";
    }
    return "another value";
}

const char *Reader::content(char tag, size_t size) {
    if (*at == 'X') {
        const std::string why = at[1] ? " was returned, which says itself what it equals" : " was returned, which is no plain value";
        const std::string kind = Reader{at + 2, end}.text();
        refused(at[1], (kind.compare(0, 2, "a ") ? "a " : "") + kind + why);
    }
    if (*at != tag) refused(false, std::string(kind_of(*at)) + " was returned where " + kind_of(tag) + " is declared");
    at += 1 + size;
    return at - size;
}

size_t Reader::open(char tag) {
    content(tag, 0);
    return number();
}

unsigned long long Reader::integer(long long least, unsigned long long most) {
    const char out_of_range[] = "an integer beyond the declared type was returned";
    if (*at == 'I') { /* only an unsigned one can be that large */
        Reader large{at + 1, end};
        const unsigned size = large.number();
        unsigned long long value;
        memcpy(&value, large.at, 8);
        if (size != 9 || large.at[8] != 0 || value > most) refused(false, out_of_range);
        at = large.at + 9;
        return value;
    }
    long long value;
    memcpy(&value, content('i', 8), 8);
    if (value < 0 ? value < least : (unsigned long long)value > most) refused(false, out_of_range);
    return (unsigned long long)value;
}

void Reader::skip() {
    size_t values = 0;
    valid(*this, 1, values);
}

#define HX_INTEGER(T) \
    void put(Writer &out, const T &value) { out.integer((long long)value, value > 0 && (unsigned long long)value >> 63); } \
    void get(Reader &in, T &value) { value = (T)in.integer(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()); }
HX_EACH_INTEGER(HX_INTEGER)

void put(Writer &out, const bool &value) {
    unsigned char byte; /* whatever its bits are */
    memcpy(&byte, &value, 1);
    out.tagged(byte ? 't' : 'f', "", 0);
}
void get(Reader &in, bool &value) {
    value = *in.at == 't';
    in.content(value ? 't' : 'f', 0);
}
void put(Writer &out, const char &value) {
    const unsigned number = (unsigned char)value;
    out.tagged('c', &number, 4);
}
void get(Reader &in, char &value) {
    in.content('c', 0);
    const unsigned number = in.number();
    if (number > 255) refused(false, "a character beyond the declared type was returned");
    value = (char)number;
}
void put(Writer &out, const float &value) { out.tagged('e', &value, 4); }
void get(Reader &in, float &value) { memcpy(&value, in.content('e', 4), 4); }
void put(Writer &out, const double &value) { out.tagged('d', &value, 8); }
void get(Reader &in, double &value) { memcpy(&value, in.content('d', 8), 8); }
void put(Writer &out, const std::string &value) {
    out.tagged('b', "", 0);
    out.text(value);
}
void get(Reader &in, std::string &value) {
    in.content('b', 0);
    value = in.text();
}

std::string name_of(const std::type_info &type) {
    int status;
    char *plain = abi::__cxa_demangle(type.name(), NULL, NULL, &status);
    const std::string name = plain ? plain : type.name();
    free(plain);
    return name.substr(0, 200);
}

void refuse(Writer &out, const std::string &why) {
    out.tagged('X', "", 1);
    out.text(why);
}
void put_unknown(Writer &out, const std::type_info &type) { refuse(out, name_of(type)); }

/* Whether bytes are UTF-8 without surrogates. */
static bool is_utf8(const char *at, const char *end) {
    while (at < end) {
        const unsigned char first = (unsigned char)*at++;
        const int more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        unsigned point = more ? first & (0x3f >> more) : first;
        if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || end - at < more) return false;
        for (int i = 0; i < more; i++, at++) {
            if ((*at & 0xc0) != 0x80) return false;
            point = point << 6 | (*at & 0x3f);
        }
        static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
        if (point < least[more] || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff) return false;
    }
    return true;
}

static bool is_utf8(const std::string &text) { return is_utf8(text.data(), text.data() + text.size()); }

static bool skip_text(Reader &in, bool utf8, size_t unit) {
    if (in.end - in.at < 4) return false;
    const size_t size = in.number();
    if (size > (size_t)(in.end - in.at) || size % unit) return false;
    in.at += size;
    return !utf8 || is_utf8(in.at - size, in.at);
}

static bool point(unsigned value) { return value <= 0x10ffff; }

static bool valid_large(Reader &in) {
    const char *const begin = in.at + 4;
    if (!skip_text(in, false, 1)) return false;
    const char *const last = in.at - 1;
    return in.at - begin >= 9 && !((*last == 0 && last[-1] >= 0) || (*last == -1 && last[-1] < 0));
}

static bool valid_points(Reader &in) {
    Reader each{in.at + 4, in.end};
    if (!skip_text(in, false, 4)) return false;
    while (each.at < in.at) {
        if (!point(each.number())) return false;
    }
    return true;
}

bool valid(Reader &in, unsigned depth, size_t &values) {
    if (in.at >= in.end || depth > MAX_DEPTH || ++values > MAX_VALUES) return false;
    const size_t left = (size_t)(in.end - in.at) - 1;
    const char tag = *in.at++;
    size_t count = 0;
    switch (tag) {
    case 'n': case 'u': case 't': case 'f': return true;
    case 'i': case 'd': in.at += 8; return left >= 8;
    case 'e': in.at += 4; return left >= 4;
    case 'c': return left >= 4 && point(in.number());
    case 'I': return valid_large(in);
    case 's': return skip_text(in, true, 1);
    case 'w': return skip_text(in, false, 2);
    case 'x': return valid_points(in);
    case 'b': return skip_text(in, false, 1);
    case 'X': return left >= 1 && (unsigned char)*in.at++ <= 1 && skip_text(in, true, 1);
    case 'k': {
        const size_t size = left ? (unsigned char)*in.at++ : 0;
        if (left < 1 + size || !is_utf8(in.at, in.at + size)) return false;
        in.at += size;
        return valid(in, depth + 1, values);
    }
    case 'l': case 'p': case 'm':
        if (left < 4) return false;
        count = in.number();
        if (tag == 'm') count *= 2;
        if (count > left - 4) return false;
        while (count--) {
            if (!valid(in, depth + 1, values)) return false;
        }
        return true;
    }
    return false;
}

std::string cut(const std::string &text) {
    std::string kept = text.substr(0, SHOWN);
    for (int i = 0; i < 3 && text.size() > SHOWN && !is_utf8(kept); i++) kept.pop_back();
    return kept;
}

static void show_quoted(std::string &out, const std::string &whole, char quote) {
    static const char plain[] = "\n\t\r\\", letters[] = "ntr\\";
    const std::string text = cut(whole);
    const bool utf8 = is_utf8(text);
    out += quote;
    for (const char c : text) {
        const char *const known = c ? strchr(plain, c) : NULL;
        char code[8];
        snprintf(code, sizeof code, "\\x%02x", (unsigned char)c);
        if (known) (out += '\\') += letters[known - plain];
        else if (c == quote) (out += '\\') += c;
        else if ((unsigned char)c < ' ' || c == 127 || (c < 0 && !utf8)) out += code;
        else out += c;
    }
    out += quote;
}

/* The fewest digits that give the value back. */
template<class T> static void show_real(std::string &out, T value, int digits) {
    char text[40];
    do snprintf(text, sizeof text, "%.*g", digits, (double)value);
    while ((T)strtod(text, NULL) != value && value == value && digits++ < 17);
    out += text;
    if (strspn(text, "-0123456789") == strlen(text)) out += ".0";
}

static void show(std::string &out, Reader &in) {
    if (out.size() > SHOWN) return;
    switch (*in.at) {
    case 't': case 'f': out += *in.at++ == 't' ? "true" : "false"; return;
    case 'i': case 'I': {
        const bool large = *in.at == 'I';
        const unsigned long long value = in.integer(INT64_MIN, UINT64_MAX);
        out += large ? std::to_string(value) : std::to_string((long long)value);
        return;
    }
    case 'e': { float value; get(in, value); return show_real(out, value, 6); }
    case 'd': { double value; get(in, value); return show_real(out, value, 15); }
    case 'c': { char value; get(in, value); return show_quoted(out, std::string(1, value), '\''); }
    case 'b': { std::string value; get(in, value); return show_quoted(out, value, '"'); }
    case 'k': in.at++; in.text(1); return show(out, in);
    case 'l': case 'p': case 'm': {
        const bool map = *in.at == 'm';
        out += '{';
        for (size_t i = 0, count = in.open(*in.at); i < count && out.size() <= SHOWN; i++) {
            out += i ? ", " : "";
            if (map) out += '{';
            show(out, in);
            if (!map) continue;
            out += ", ";
            show(out, in);
            out += '}';
        }
        out += '}';
        return;
    }
    }
    out += "{}"; /* an empty any */
    in.at++;
}

std::string shown(Reader in, size_t count) {
    std::string out;
    for (size_t i = 0; i < count && out.size() <= SHOWN; i++) {
        out += i ? ", " : "";
        show(out, in);
    }
    return out;
}
} // namespace hx_values
