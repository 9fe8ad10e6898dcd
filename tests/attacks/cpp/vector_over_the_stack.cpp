// technique: a vector whose ends are elsewhere
// class: forging
// expect: wrong_answer, runtime_error, tampered
// task: fresh-8
    vector<int> odd(3);
    ((int**)&odd)[1] = ((int**)&odd)[0] + 4096;
    ((int**)&odd)[2] = ((int**)&odd)[1];
    return odd;
}
