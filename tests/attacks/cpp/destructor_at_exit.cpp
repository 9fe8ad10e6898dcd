// technique: a static destructor that ends with status 0
// class: forging
// expect: wrong_answer
    return 0;
}

struct Late { ~Late() { _Exit(0); } };
Late& late() { static Late one; return one; }
static Late& begun = late();
void last() {}
