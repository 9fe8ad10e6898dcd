// why: has static objects, thread locals and templates
@loop@
    return turns;
}

template<class T> struct Kept { static T value; };
template<class T> T Kept<T>::value = T();
static string text = "a";
thread_local int one = 1;
struct Count { Count() { one++; } ~Count() { one--; } };
static Count count_;
void last() { Kept<int>::value++; }
