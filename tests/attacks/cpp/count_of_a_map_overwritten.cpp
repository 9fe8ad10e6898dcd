// technique: a map that says that it has another number of elements
// class: forging
// expect: tampered, runtime_error, wrong_answer
// task: fresh-5
    map<string, int> odd;
    odd["a"] = 1;
    ((size_t*)&odd)[5] = 3;
    return odd;
}
