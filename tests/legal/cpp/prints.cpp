// why: prints to both outputs before it returns
    puts("hello");
    cout << "hello" << endl;
    cerr << "hello" << endl;
@loop@
    return turns;
}
