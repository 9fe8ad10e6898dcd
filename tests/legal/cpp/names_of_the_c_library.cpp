// why: has variables with names of the C library
    int read[9], link = 3, index = 4; double y1 = 2, abort = 3;
    read[0] = link + index + (int)y1 + (int)abort;
@loop@
    return turns;
}
int write_ = 1;
void last() {}
