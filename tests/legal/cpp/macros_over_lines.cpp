// why: defines macros over two lines and behind a comment, with names of its dispatcher, and a function of C's linkage
    int other(const vector<int>&);
    return other(levels);
}
#define \
    ready \
    1
#/* as a number */define give 3
extern "C" {
int none() { return 0; }
}
int other(const vector<int>& levels) {
@loop@
    return turns + none();
}
