// why: a static member defined behind the last brace, and last of all a variable declared with its struct
    int other(const vector<int>&);
    return other(levels);
}
struct Trend { static int none; };
int other(const vector<int>& levels) {
    int turns = Trend::none, trend = Trend::none;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
int Trend::none = 0;
struct Other { int all[2]; } others[3];
