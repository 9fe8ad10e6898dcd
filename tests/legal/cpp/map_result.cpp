// why: returns a map by way of its own operator
// task: fresh-5
    map<string, int> unserved;
    for (const string& item : orders) {
        if (stock[item] > 0) stock[item]--;
        else unserved[item]++;
    }
    return unserved;
}
bool operator<(const vector<int>& a, const vector<int>& b) { return a.size() < b.size(); }
