/* Runs one compiled Java program in a fresh virtual machine, and reports.
 *
 *   launcher LIBJVM PROGRAM JVM_OPTION...
 *
 * Does what the `java` command would, minus what costs time: it starts the virtual machine itself, defines the
 * program's classes from PROGRAM (made by CompileServer.java, deleted before any of it runs) and calls
 * tests.Main.main, which no other code can. The token is read before the virtual machine starts and lives in this program's memory only, not
 * in the Java heap; /proc/self/mem is closed to the candidate (PR_SET_DUMPABLE), and so is native code that it
 * brings along: `dlopen` below is the one that the virtual machine calls.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <jni.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_CHARS = 32 /* hex digits; twice, see verdict.py */, STACK_BYTES = 1 << 20 /* what `java` gives its main thread */ };

struct blob {
    unsigned char *at;
    size_t left;
};

static char token[TOKEN_CHARS + 1], other_token[TOKEN_CHARS + 1];
static struct blob program;
static char home[PATH_MAX]; /* the runtime image's folder of libraries, with a slash at the end */
static char **arguments; /* LIBJVM, PROGRAM, then the options */
static int argument_count;

static void die(const char *what) {
    dprintf(4, "%s fault checks=0 failures=0 java launcher: %s\n", token, what); /* ours, never the program's */
    _exit(125);
}

/* Stands before the C library's for the virtual machine and its own libraries: they load what is part of them, and
 * what the system's search path has under a bare name. The candidate can write to neither. */
void *dlopen(const char *name, int how) {
    void *(*real)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    char full[PATH_MAX];
    if (name && strchr(name, '/') && (!realpath(name, full) || strncmp(full, home, strlen(home)) != 0)) {
        name = "/nonexistent/refused.so";
    }
    return real(name, how);
}

static struct blob read_file(const char *path) {
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) die(path);
    struct blob file = {malloc((size_t)about.st_size), 0};
    while (file.at && file.left < (size_t)about.st_size) {
        ssize_t got = read(fd, file.at + file.left, (size_t)about.st_size - file.left);
        if (got <= 0) die(path);
        file.left += (size_t)got;
    }
    close(fd);
    return file;
}

static uint32_t take_number(struct blob *from) {
    if (from->left < 4) die("a truncated program file");
    unsigned char *p = from->at;
    from->at += 4;
    from->left -= 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static struct blob take_blob(struct blob *from) {
    struct blob part = {from->at + 4, take_number(from)};
    if (part.left > from->left) die("a truncated program file");
    from->at += part.left;
    from->left -= part.left;
    return part;
}

/* Define every class of the program in the loader `java` would use; each comes behind its parents. Those of package
 * tests thereby come into the module of that name, which the runtime image has. */
static jclass define_program(JNIEnv *env) {
    jclass loaders = (*env)->FindClass(env, "java/lang/ClassLoader");
    jmethodID system = (*env)->GetStaticMethodID(env, loaders, "getSystemClassLoader", "()Ljava/lang/ClassLoader;");
    jobject loader = (*env)->CallStaticObjectMethod(env, loaders, system);
    jclass main_class = NULL;
    for (uint32_t count = take_number(&program); count > 0; count--) {
        struct blob name = take_blob(&program), file = take_blob(&program);
        char *text = strndup((char *)name.at, name.left);
        jclass made = (*env)->DefineClass(env, text, loader, (jbyte *)file.at, (jsize)file.left);
        if (!made) return NULL;
        if (strcmp(text, "tests/Main") == 0) main_class = made;
        free(text);
    }
    return main_class;
}

static void send_report(JNIEnv *env, jclass checks, jmethodID report, jthrowable thrown) {
    char line[4096];
    jstring text = (*env)->CallStaticObjectMethod(env, checks, report, thrown);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        text = NULL;
    }
    const char *words = text ? (*env)->GetStringUTFChars(env, text, NULL) : NULL;
    const int well = words && strncmp(words, "done ", 5) == 0;
    if (!well) explicit_bzero(token, sizeof token);
    const char *said = words ? words : "error checks=0 failures=0 no report";
    int length = snprintf(line, sizeof line - 1, "%s %s", well ? token : other_token, said);
    if (length > (int)sizeof line - 2) length = (int)sizeof line - 2;
    line[length++] = '\n';
    if (write(4, line, (size_t)length) != length) _exit(1); /* the candidate is no fault of ours */
}

static void *live(void *nothing) {
    void *library = dlopen(arguments[0], RTLD_NOW | RTLD_GLOBAL);
    if (!library) die(dlerror());
    jint (*create)(JavaVM **, void **, void *) = (jint(*)(JavaVM **, void **, void *))dlsym(library, "JNI_CreateJavaVM");
    int count = argument_count - 2;
    JavaVMOption *options = calloc((size_t)count + 1, sizeof *options);
    if (!create || !options) die("JNI_CreateJavaVM");
    for (int i = 0; i < count; i++) options[i].optionString = arguments[2 + i];
    JavaVMInitArgs start = {JNI_VERSION_10, count, options, JNI_FALSE};
    JavaVM *machine;
    JNIEnv *env;
    if (create(&machine, (void **)&env, &start) != JNI_OK) die("the virtual machine did not start");
    jclass checks = (*env)->FindClass(env, "tests/Checks");
    jmethodID report = checks ? (*env)->GetStaticMethodID(env, checks, "report", "(Ljava/lang/Throwable;)Ljava/lang/String;") : NULL;
    if (!report) die("tests.Checks");
    jclass main_class = define_program(env);
    jmethodID entry = main_class ? (*env)->GetStaticMethodID(env, main_class, "main", "([Ljava/lang/String;)V") : NULL;
    if (entry) {
        jobjectArray none = (*env)->NewObjectArray(env, 0, (*env)->FindClass(env, "java/lang/String"), NULL);
        (*env)->CallStaticVoidMethod(env, main_class, entry, none);
    }
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    (*env)->ExceptionClear(env);
    send_report(env, checks, report, thrown);
    if (thrown) (*env)->Throw(env, thrown); /* printed, or handed to the thread's handler, as `java` does */
    (*machine)->DetachCurrentThread(machine);
    (*machine)->DestroyJavaVM(machine); /* waits for the program's other threads, as `java` does */
    exit(thrown ? 1 : 0);
    return nothing;
}

int main(int argc, char **argv) {
    if (argc < 3) die("usage: launcher LIBJVM PROGRAM JVM_OPTION...");
    if (read(3, token, TOKEN_CHARS) != TOKEN_CHARS || read(3, other_token, TOKEN_CHARS) != TOKEN_CHARS) die("no token");
    close(3);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) die("prctl");
    char *library = realpath(argv[1], home); /* .../lib/server/libjvm.so */
    char *server = library ? strstr(library, "server/libjvm.so") : NULL;
    if (!server) die(argv[1]);
    *server = 0;
    arguments = argv + 1;
    argument_count = argc - 1;
    program = read_file(argv[2]);
    if (unlink(argv[2]) != 0) die("the program file could not be deleted");
    pthread_t thread;
    pthread_attr_t shape;
    pthread_attr_init(&shape);
    pthread_attr_setstacksize(&shape, STACK_BYTES);
    if (pthread_create(&thread, &shape, live, NULL) != 0) die("no thread");
    pthread_join(thread, NULL);
    return 125;
}
