/* Starts a virtual machine, as the `java` command would, minus what costs time, and has it serve.
 *
 *   launcher LIBJVM fork FOLDER JVM_OPTION...    forks for each request: a candidate, or tests that would leave something
 *                                                behind (INTERFACE.md, "Two processes"); FOLDER has what warms it up
 *   launcher LIBJVM try FOLDER JVM_OPTION...     forks once, runs what warms it up there, and says whether it could
 *   launcher LIBJVM service JVM_OPTION...        runs the tests of many programs itself, one after another
 *   launcher LIBJVM compile FOLDER JVM_OPTION... is the compile server, from its image alone; FOLDER has what warms it up
 *
 * Requests come over the socket at 3 (box.c), those of the compile server over stdin. The plain twin of the others is
 * `java -cp runtime.jar humaneval.Program FILE` and `humaneval.Tests FILE`.
 */
#include "../../box.c"
#include "../../image.c"
#include "revive.c"

#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <sys/stat.h>

enum { TRAINING_BYTES = 1 << 20 };
enum { STACK_BYTES = 1 << 20 /* what `java` gives its main thread */, COMPILER_STACK_BYTES = 8 << 20 /* as build.py's */ };
enum { TESTS_FDS = 5, PROGRAM_FDS = 2, TRAININGS = 3 };

static char **arguments; /* LIBJVM, what, then the folder, then the options */
static int argument_count;
static JNIEnv *env;

static void fail(const char *what) {
    fprintf(stderr, "java launcher: %s\n", what);
    _exit(125);
}

/* A FileDescriptor[] of numbers. */
static jobjectArray descriptors(const int *fds, int count) {
    jclass type = (*env)->FindClass(env, "java/io/FileDescriptor");
    jmethodID make = (*env)->GetMethodID(env, type, "<init>", "()V");
    jfieldID number = (*env)->GetFieldID(env, type, "fd", "I");
    jobjectArray all = (*env)->NewObjectArray(env, count, type, NULL);
    for (int i = 0; all && i < count; i++) {
        jobject one = (*env)->NewObject(env, type, make);
        (*env)->SetIntField(env, one, number, fds[i]);
        (*env)->SetObjectArrayElement(env, all, i, one);
    }
    return all;
}

static jbyteArray bytes(const char *data, size_t length) {
    jbyteArray array = (*env)->NewByteArray(env, (jsize)length);
    if (array) (*env)->SetByteArrayRegion(env, array, 0, (jsize)length, (const jbyte *)data);
    return array;
}

/* Call `run` of one side, with its descriptors and what steps.py packed. */
static void run(const char *side, const int *fds, int count, const char *packed, size_t length) {
    jclass owner = (*env)->FindClass(env, side);
    jmethodID found = owner ? (*env)->GetStaticMethodID(env, owner, "run", "([Ljava/io/FileDescriptor;[B)V") : NULL;
    if (!found || (*env)->PushLocalFrame(env, 32) != 0) fail(side);
    (*env)->CallStaticVoidMethod(env, owner, found, descriptors(fds, count), bytes(packed, length));
    (*env)->PopLocalFrame(env, NULL);
    (*env)->DeleteLocalRef(env, owner);
}

/* Does not return: box_take ends with the agent. */
static void serve(void) {
    const int32_t taken = 0;
    for (;;) {
        struct box box;
        int fds[BOX_FDS];
        size_t length;
        char *packed = box_take(3, &box, fds, &length);
        if (write(3, &taken, sizeof taken) != (ssize_t)sizeof taken) _exit(0);
        run("humaneval/Tests", fds, TESTS_FDS, packed, length);
        if ((*env)->ExceptionCheck(env)) {
            (*env)->ExceptionDescribe(env);
            (*env)->ExceptionClear(env);
        }
        free(packed);
        for (int i = 0; i < BOX_FDS; i++) close(fds[i]);
    }
}

/* What a file of the folder that we are in holds, of TRAINING_BYTES at most. */
static size_t contents(const char *name, char *data) {
    const int file = open(name, O_RDONLY | O_CLOEXEC);
    const ssize_t length = read(file, data, TRAINING_BYTES);
    if (length <= 0) fail(name);
    close(file);
    return (size_t)length;
}

/* Does not return: the compile server ends with its stdin. */
static void compile(void) {
    char *const requests = malloc(TRAINING_BYTES);
    const size_t length = contents("requests", requests);
    jclass server = (*env)->FindClass(env, "CompileServer");
    jmethodID train = server ? (*env)->GetStaticMethodID(env, server, "train", "([B)V") : NULL;
    jmethodID serves = train ? (*env)->GetStaticMethodID(env, server, "serve", "()V") : NULL;
    if (!serves) fail("CompileServer");
    (*env)->CallStaticVoidMethod(env, server, train, bytes(requests, length));
    if ((*env)->ExceptionCheck(env)) fail("the training program");
    hold_threads();
    if (!keep_image(1)) fail("nobody wants an image");
    revive_threads();
    (*env)->CallStaticVoidMethod(env, server, serves);
    _exit((*env)->ExceptionCheck(env) ? 1 : 0);
}

/* Run the training program a few times. */
static void warm_up(const char *folder) {
    char *packed = malloc(TRAINING_BYTES);
    if (chdir(folder) != 0 || !packed) fail(folder);
    const size_t length = contents("training", packed);
    for (int i = 0; i < TRAININGS; i++) {
        int fds[PROGRAM_FDS] = {open("questions", O_RDONLY | O_CLOEXEC), open("/dev/null", O_WRONLY | O_CLOEXEC)};
        run("humaneval/Program", fds, PROGRAM_FDS, packed, length);
        if ((*env)->ExceptionCheck(env)) fail("the training program");
        close(fds[0]), close(fds[1]);
    }
    free(packed);
}

/* Returns in a fork, without a payload; we end as it does. */
static char *in_a_fork(void) {
    const pid_t its = bare_fork(0);
    int status;
    if (its != 0) _exit(its > 0 && waitpid(its, &status, 0) == its && status == 0 ? 0 : 125);
    return NULL;
}

static void *live(void *nothing) {
    const int service = strcmp(arguments[1], "service") == 0, first = service ? 2 : 3, count = argument_count - first;
    const int compiles = strcmp(arguments[1], "compile") == 0;
    void *library = dlopen(arguments[0], RTLD_NOW | RTLD_GLOBAL);
    if (!library) fail(dlerror());
    jint (*create)(JavaVM **, void **, void *) = (jint(*)(JavaVM **, void **, void *))dlsym(library, "JNI_CreateJavaVM");
    JavaVMOption *options = calloc((size_t)count + 1, sizeof *options);
    if (!create || !options) fail("JNI_CreateJavaVM");
    for (int i = 0; i < count; i++) options[i].optionString = arguments[first + i];
    JavaVMInitArgs start = {JNI_VERSION_10, count, options, JNI_FALSE};
    JavaVM *machine;
    if (compiles && chdir(arguments[2]) != 0) fail(arguments[2]); /* its class path is of this folder */
    while (open("/dev/null", O_RDONLY) < BOX_FDS) {} /* below are a fork's own: keep the machine's files above them */
    if (create(&machine, (void **)&env, &start) != JNI_OK) fail("the virtual machine did not start");
    for (int fd = 4; fd <= BOX_FDS; fd++) close(fd);
    if (compiles) compile();
    if (service && getenv("BOX_IMAGE")) {
        (*env)->DeleteLocalRef(env, (*env)->FindClass(env, "humaneval/Tests"));
        hold_threads();
        keep_image(3);
        revive_threads();
    }
    if (service) serve();
    warm_up(arguments[2]);
    hold_threads();
    keep_image(3);
    const int fds[] = {0, 1, 2, 3, 4};
    size_t length;
    char *packed = strcmp(arguments[1], "try") == 0 ? in_a_fork() : box_serve(3, &length);
    revive_threads();
    if (!packed) warm_up(arguments[2]);
    else if (packed[0] == 'P') run("humaneval/Program", fds + 3, PROGRAM_FDS, packed + 1, length - 1);
    else run("humaneval/Tests", fds, TESTS_FDS, packed + 1, length - 1);
    /* What nobody caught is printed, or handed to the thread's handler, as `java` does. */
    const int thrown = (*env)->ExceptionCheck(env);
    (*machine)->DetachCurrentThread(machine);
    (*machine)->DestroyJavaVM(machine); /* waits for the program's other threads, as `java` does */
    exit(thrown ? 1 : 0);
    return nothing;
}

int main(int argc, char **argv) {
    arguments = argv + 1;
    argument_count = argc - 1;
    if (argc < 3) fail("usage: launcher LIBJVM fork|try|compile FOLDER JVM_OPTION..., or service JVM_OPTION...");
    pthread_t thread;
    pthread_attr_t shape;
    pthread_attr_init(&shape);
    pthread_attr_setstacksize(&shape, strcmp(argv[2], "compile") == 0 ? COMPILER_STACK_BYTES : STACK_BYTES);
    if (pthread_create(&thread, &shape, live, NULL) != 0) fail("no thread");
    pthread_join(thread, NULL);
    return 125;
}
