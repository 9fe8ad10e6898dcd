/* Starts a virtual machine for one side of a program, as the `java` command would, minus what costs time.
 *
 *   launcher LIBJVM program FILE JVM_OPTION...    a candidate: humaneval.Program, questions at 3, answers at 4
 *   launcher LIBJVM tests FILE JVM_OPTION...      its tests: humaneval.Tests, descriptors 0 to 4 (INTERFACE.md)
 *   launcher LIBJVM service JVM_OPTION...         the tests of many programs, one after another, whose descriptors come
 *                                                 over the socket at 3 (`box_take` of box.c)
 *
 * Its plain twin is `java -cp runtime.jar humaneval.Program FILE` (and humaneval.Tests), which has no service.
 */
#include "../../box.c"

#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <sys/stat.h>

enum { STACK_BYTES = 1 << 20 /* what `java` gives its main thread */, TESTS_FDS = 5 };

static char **arguments; /* LIBJVM, what, then the file, then the options */
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

/* Call `run` of one side, with descriptors from `first` on and what steps.py packed. */
static void run(const char *side, const int *fds, int count, const char *packed, size_t length) {
    jclass owner = (*env)->FindClass(env, side);
    jmethodID found = owner ? (*env)->GetStaticMethodID(env, owner, "run", "([Ljava/io/FileDescriptor;[B)V") : NULL;
    if (!found || (*env)->PushLocalFrame(env, 32) != 0) fail(side);
    (*env)->CallStaticVoidMethod(env, owner, found, descriptors(fds, count), bytes(packed, length));
    (*env)->PopLocalFrame(env, NULL);
    (*env)->DeleteLocalRef(env, owner);
}

/* What a file holds; it is gone then. */
static char *take_file(const char *path, size_t *length) {
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) fail(path);
    char *packed = malloc((size_t)about.st_size);
    if (!packed || read(fd, packed, (size_t)about.st_size) != about.st_size) fail(path);
    close(fd);
    unlink(path);
    *length = (size_t)about.st_size;
    return packed;
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

static void *live(void *nothing) {
    const int fds[] = {0, 1, 2, 3, 4};
    const int service = strcmp(arguments[1], "service") == 0;
    const int first = service ? 2 : 3, count = argument_count - first;
    size_t length = 0;
    char *packed = service ? NULL : take_file(arguments[2], &length); /* first of all: the agent waits for it */
    void *library = dlopen(arguments[0], RTLD_NOW | RTLD_GLOBAL);
    if (!library) fail(dlerror());
    jint (*create)(JavaVM **, void **, void *) = (jint(*)(JavaVM **, void **, void *))dlsym(library, "JNI_CreateJavaVM");
    JavaVMOption *options = calloc((size_t)count + 1, sizeof *options);
    if (!create || !options) fail("JNI_CreateJavaVM");
    for (int i = 0; i < count; i++) options[i].optionString = arguments[first + i];
    JavaVMInitArgs start = {JNI_VERSION_10, count, options, JNI_FALSE};
    JavaVM *machine;
    if (create(&machine, (void **)&env, &start) != JNI_OK) fail("the virtual machine did not start");
    if (service) serve();
    if (strcmp(arguments[1], "program") == 0) {
        run("humaneval/Program", fds + 3, 2, packed, length);
    } else {
        run("humaneval/Tests", fds, TESTS_FDS, packed, length);
    }
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
    if (argc < 3 || (argc < 4 && strcmp(argv[2], "service") != 0)) fail("usage: launcher LIBJVM program|tests FILE JVM_OPTION...");
    pthread_t thread;
    pthread_attr_t shape;
    pthread_attr_init(&shape);
    pthread_attr_setstacksize(&shape, STACK_BYTES);
    if (pthread_create(&thread, &shape, live, NULL) != 0) fail("no thread");
    pthread_join(thread, NULL);
    return 125;
}
