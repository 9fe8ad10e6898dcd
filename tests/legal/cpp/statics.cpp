// why: has static objects, thread locals and templates
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}

template<class T> struct Kept { static T value; };
template<class T> T Kept<T>::value = T();
static string text = "a";
thread_local int one = 1;
struct Count { Count() { one++; } ~Count() { one--; } };
static Count count_;
void last() { Kept<int>::value++; }
