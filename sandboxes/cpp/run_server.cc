/* Runs what was compiled: a fork server with the C++ library and templates.so loaded. A fork is one of the two processes of a
 * program (see INTERFACE.md): the candidate's, which answers calls, or the tests', which makes them, checks and reports. No
 * code of the candidate's is ever loaded in the second, so neither guards anything against what it runs.
 *
 * Payload: `P` for a program or `T` for tests, and the shared object, whose `main` is called; `N` for tests that do not
 * compile, and what the compiler said.
 */
#include "wire.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

extern "C" char *box_serve(int socket_fd, size_t *length);

namespace hx_values {
enum { ALL_CHECKS = 1, RECORD = 2, QUESTIONS = 3, SECRET = 3, ANSWERS = 4, REPORT = 4, MOST_RECORDED = 128 << 20, MOST_SHOWN = 16 << 10 };
enum : size_t { APART = 1 << 18 }; /* so large a buffer is none of the heap's: what a program finds there is its own */

static bool of_tests; /* what this fork is */

static bool write_all(int fd, const char *data, size_t size) {
    while (size) {
        const ssize_t done = write(fd, data, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        data += done;
        size -= (size_t)done;
    }
    return true;
}

static bool read_all(int fd, char *data, size_t size) {
    while (size) {
        const ssize_t done = read(fd, data, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        data += done;
        size -= (size_t)done;
    }
    return true;
}

static bool send(int fd, const std::string &message) {
    const unsigned size = (unsigned)message.size();
    return write_all(fd, reinterpret_cast<const char *>(&size), 4) && write_all(fd, message.data(), size);
}

/* The shared object, from memory: it lies nowhere. */
static void *load(const char *object, size_t size) {
    char path[64];
    const int fd = memfd_create("object", MFD_CLOEXEC);
    if (fd < 0 || !write_all(fd, object, size)) return NULL;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *const loaded = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    close(fd);
    return loaded;
}

/* ---- the candidate's side ---- */

/* Zeros are what a program mostly finds in a process of its own, where it forgot to set a variable. */
__attribute__((noinline)) static void clear_stack() {
    char below[64 << 10];
    explicit_bzero(below, sizeof below);
}

void Call::ready() { clear_stack(); }

void Call::nothing() { out.tagged('n', "", 0); }

void Call::after(unsigned count) {
    afterwards = out.bytes.size();
    out.number(count);
}

void Call::changed() {
    if (tell && out.bytes.compare(afterwards + 4, std::string::npos, in.end - arguments, arguments) != 0) return;
    out.bytes.resize(afterwards);
    out.number(0);
}

static void threw(Writer &out, unsigned number, bool memory, const std::string &type, const char *what) {
    out.start('T');
    out.number(number);
    out.raw(memory ? "\1" : "", 1);
    out.text(type);
    out.text(std::string(what, strnlen(what, 1000)));
    out.number(0);
}

/* Call a declared function: the answer is in call.out. */
static void answer_one(Call &call, Function *function, unsigned number) {
    call.out.start('V');
    call.out.number(number);
    try {
        function(call);
    } catch (const TooLarge &) {
        call.out.start('V');
        call.out.number(number);
        refuse(call.out, "a value too large");
        call.out.number(0);
    } catch (const std::bad_alloc &) {
        threw(call.out, number, true, "std::bad_alloc", "");
    } catch (const std::exception &error) {
        threw(call.out, number, false, name_of(typeid(error)), error.what());
    } catch (abi::__forced_unwind &) {
        throw; /* a thread ends */
    } catch (...) {
        threw(call.out, number, false, name_of(*abi::__cxa_current_exception_type()), "");
    }
}

int answer(Function *const functions[], unsigned count) {
    std::string message;
    Call call;
    message.reserve(APART);
    call.out.bytes.reserve(APART);
    if (!send(ANSWERS, "R")) return 0;
    for (unsigned size; read_all(QUESTIONS, reinterpret_cast<char *>(&size), 4);) {
        message.resize(size);
        if (!read_all(QUESTIONS, &message[0], size)) break;
        call.in = Reader{&message[1], message.data() + size};
        const unsigned number = call.in.number(), function = call.in.number();
        call.tell = *call.in.at++ & 1;
        call.in.number();
        call.arguments = (size_t)(call.in.end - call.in.at);
        if (function >= count) break;
        answer_one(call, functions[function], number);
        if (!send(ANSWERS, call.out.bytes)) break;
    }
    return 0;
}

static void run_program(const char *object, size_t size) {
    void *const program = load(object, size);
    int (*const start)() = program ? (int (*)())dlsym(program, "main") : NULL;
    if (start) exit(start());
    const char *const said = dlerror(), *const why = said ? said : "it cannot be loaded"; /* what the linker would have said */
    Writer out;
    if (strstr(why, "map segment") || strstr(why, "zero-fill")) { /* its variables are larger than the address space */
        threw(out, 0, true, "std::bad_alloc", "");
    } else {
        out.start('E');
        out.text(why);
    }
    send(ANSWERS, out.bytes);
    exit(1);
}

/* ---- the tests' side ---- */

static struct {
    int answers, questions, flags;
    char secret[66];
    unsigned made, failed, calls, checked_calls; /* checked_calls: how many there were at the last check */
    Writer asked;
    std::string answered;
    size_t given, recorded; /* how many arguments, bytes */
} tests;

/* The first check that failed. Text is made of it when all is over: the next question comes as soon as after one that holds. */
static struct {
    const char *condition = "";
    std::string asked, answered;
    size_t given;
} first;

static std::string about();

/* Reports, and ends the tests. */
[[noreturn]] static void over(const char *event, const std::string &detail) {
    close(tests.questions); /* before text is made of what failed, which takes time */
    const bool well = strcmp(event, "done") == 0, fault = strcmp(event, "fault") == 0;
    std::string words = cut(detail);
    for (char &c : words) c = (unsigned char)c < ' ' ? ' ' : c;
    std::string report(tests.secret + (well || fault ? 0 : 32), 32);
    report += std::string(" ") + event + " checks=" + std::to_string(tests.made) + " failures=" + std::to_string(tests.failed);
    report += " " + words + "\n" + about();
    write_all(REPORT, report.data(), report.size());
    _exit(0);
}

void refused(bool claims, const std::string &why) {
    if (of_tests) over(claims ? "tampered" : "error", why);
    throw std::invalid_argument(why);
}

static void receive() {
    unsigned size;
    if (!read_all(tests.answers, reinterpret_cast<char *>(&size), 4)) over("ended", "");
    if (size == 0 || size > MAX_BYTES) over("tampered", "the program sent what is no message");
    tests.answered.resize(size);
    if (!read_all(tests.answers, &tests.answered[0], size)) over("ended", "");
    if (!(tests.flags & RECORD)) return;
    tests.recorded += 4 + size;
    if (tests.recorded > MOST_RECORDED) over("memory", "its answers are too large to be recorded");
    send(SECRET, tests.answered);
}

/* The texts of a message behind `head` bytes, if it is just those. */
static std::vector<std::string> texts(size_t head, size_t count) {
    std::vector<std::string> found;
    Reader in{tests.answered.data() + head, tests.answered.data() + tests.answered.size()};
    while (found.size() < count) {
        if (in.end - in.at < 4 || Reader(in).number() > (size_t)(in.end - in.at) - 4) break;
        found.push_back(in.text());
    }
    if (found.size() < count || in.at != in.end) over("tampered", "the program sent what is no message");
    return found;
}

/* What the candidate's code threw, as the tests see it. */
struct Thrown : std::exception {
    std::string said;
    const char *what() const noexcept { return said.c_str(); }
};

static unsigned number_at(size_t place) { return Reader{&tests.answered[place], NULL}.number(); }

[[noreturn]] static void thrown() {
    const std::vector<std::string> said = texts(6, 3);
    if (tests.answered[5]) throw std::bad_alloc();
    Thrown error;
    error.said = said[0] + (said[1].empty() ? "" : ": " + said[1]);
    throw error;
}

/* Throws what the answer to call `number` (0: loading) says that was thrown. */
static void expect(char kind, unsigned number) {
    const size_t size = tests.answered.size();
    const char found = tests.answered[0];
    if (found == 'T' && size >= 6 && number_at(1) == number && (unsigned char)tests.answered[5] <= 1) thrown();
    if (found != kind || (kind == 'V' && (size < 5 || number_at(1) != number)) || (kind == 'R' && size != 1)) {
        over("tampered", "the program sent an answer that nobody asked for");
    }
}

Writer &question(unsigned function, bool tell, unsigned count) {
    tests.asked.start('C');
    tests.asked.number(++tests.calls);
    tests.asked.number(function);
    tests.asked.raw(tell ? "\1" : "", 1);
    tests.asked.number(count);
    tests.given = count;
    return tests.asked;
}

Reader reply() {
    tests.answered.clear();
    if (!send(tests.questions, tests.asked.bytes)) over("ended", "");
    receive();
    expect('V', tests.calls);
    const Reader answer{&tests.answered[5], tests.answered.data() + tests.answered.size()};
    Reader in = answer;
    size_t values = 0;
    bool whole = valid(in, 1, values) && in.end - in.at >= 4;
    const unsigned count = whole ? in.number() : 0;
    const bool told = tests.asked.bytes[9] & 1; /* what the arguments are afterwards, as asked */
    whole = whole && (count == 0 || (told && count == tests.given));
    for (unsigned i = 0; whole && i < count; i++) whole = valid(in, 1, values);
    if (!whole || in.at != in.end) over("tampered", "the program sent what is no value");
    return answer;
}

static bool is_call(const std::string &text) {
    size_t at = text.find_first_not_of(" (");
    if (at == std::string::npos || !(islower((unsigned char)text[at]) || text[at] == '_')) return false;
    while (at < text.size() && (isalnum((unsigned char)text[at]) || text[at] == '_')) at++;
    at = text.find_first_not_of(' ', at);
    return at != std::string::npos && text[at] == '(';
}

/* Where `what` begins outside of brackets and quotes, from `at` on. */
static size_t outside(const std::string &text, const char *what, size_t at = 0) {
    int depth = 0;
    for (char quote = 0; at < text.size(); at++) {
        const char c = text[at];
        if (quote) {
            at += c == '\\';
            quote = c == quote ? 0 : quote;
        } else if (depth == 0 && text.compare(at, strlen(what), what) == 0) {
            return at;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else {
            depth += (strchr("([{", c) != NULL) - (strchr(")]}", c) != NULL);
        }
    }
    return std::string::npos;
}

static std::string trimmed(const std::string &text) {
    const size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/* What a condition compares a call with, as it is written: `f(x) == 2`, `same(f(x), {1, 2})`, `abs(f(x) - 2) < 1e-4`. */
static std::string expected(const std::string &whole) {
    std::string text = trimmed(whole);
    while (text.size() > 2 && text[0] == '(' && outside(text, ")", 1) == text.size() - 1) text = trimmed(text.substr(1, text.size() - 2));
    const size_t equal = outside(text, "=="), less = outside(text, "<"), open = text.find('(');
    if (equal != std::string::npos) {
        const std::string left = text.substr(0, equal), right = text.substr(equal + 2);
        return trimmed(is_call(right) && !is_call(left) ? left : right);
    }
    if (open == std::string::npos) return text;
    const size_t inside = open + 1, minus = less == std::string::npos ? less : outside(text, "-", inside);
    const size_t comma = less == std::string::npos ? outside(text, ",", inside) : less;
    const size_t close = text.rfind(')', less);
    if (minus != std::string::npos && minus < less) return trimmed(text.substr(minus + 1, close - minus - 1));
    if (comma < close && outside(text, ",", comma + 1) > close) return trimmed(text.substr(comma + 1, close - comma - 1));
    return text;
}

static void add_json(std::string &out, const char *name, const std::string &value) {
    out += std::string(out.empty() ? "{\"" : ", \"") + name + "\": \"";
    for (const char c : cut(value)) {
        char code[8];
        snprintf(code, sizeof code, "\\u%04x", c);
        if (c == '"' || c == '\\') (out += '\\') += c;
        else if ((unsigned char)c < ' ') out += code;
        else out += c;
    }
    out += '"';
}

/* What the first failed check was called with, expected and got. */
static std::string about() {
    std::string out;
    if (!tests.failed) return out;
    if (!first.answered.empty()) {
        add_json(out, "called_with", shown(Reader{&first.asked[14], first.asked.data() + first.asked.size()}, first.given));
        if (first.answered[0] == 'V') add_json(out, "got", shown(Reader{&first.answered[5], first.answered.data() + first.answered.size()}, 1));
    }
    add_json(out, "expected", expected(first.condition));
    return out + "}\n";
}

void check(bool holds, const char *condition) {
    tests.made++;
    if (!tests.failed) { /* of a check that holds, too: none takes longer than another */
        const bool called = tests.calls > tests.checked_calls && tests.asked.bytes.size() + tests.answered.size() <= MOST_SHOWN;
        first.asked = called ? tests.asked.bytes : "", first.answered = called ? tests.answered : "", first.given = tests.given;
        if (!holds) first.condition = condition;
    }
    tests.failed += !holds;
    tests.checked_calls = tests.calls;
    if (!holds && !(tests.flags & ALL_CHECKS)) over("wrong", condition);
}

/* Runs the tests; `why` they did not compile, where there are none. */
static void judge(int (*start)(), const std::string &why) {
    try {
        receive();
        if (tests.answered[0] == 'E') over("compile", texts(1, 1)[0]);
        expect('R', 0);
        write_all(REPORT, "ready\n", 6);
        if (!start) over("compile", "the tests do not compile: " + why);
        start();
    } catch (const std::bad_alloc &) {
        over("memory", "an allocation failed");
    } catch (const TooLarge &) {
        over("error", "the tests' values are too large");
    } catch (const std::exception &error) {
        over("error", error.what());
    } catch (...) {
        over("error", "an exception");
    }
    over("done", first.condition);
}

static void run_tests(const char *object, size_t size, bool compiled) {
    of_tests = true;
    signal(SIGPIPE, SIG_IGN);
    tests.answers = fcntl(0, F_DUPFD_CLOEXEC, 5);
    tests.questions = fcntl(1, F_DUPFD_CLOEXEC, 5);
    if (dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0) < 0 || dup2(2, 1) < 0 || !read_all(SECRET, tests.secret, sizeof tests.secret)) _exit(124);
    tests.flags = tests.secret[64] - '0';
    void *const loaded = compiled ? load(object, size) : NULL;
    int (*const start)() = loaded ? (int (*)())dlsym(loaded, "main") : NULL;
    if (compiled && !start) over("fault", dlerror());
    judge(start, std::string(object, size));
}
} // namespace hx_values

int main() {
    size_t length;
    mallopt(M_ARENA_MAX, 1); /* each further one takes 64 MiB of the address space that a program with threads may have */
    const char *const payload = box_serve(3, &length);
    if (*payload != 'P') hx_values::run_tests(payload + 1, length - 1, *payload == 'T');
    hx_values::run_program(payload + 1, length - 1);
}
