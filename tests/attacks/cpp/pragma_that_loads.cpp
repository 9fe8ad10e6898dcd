// technique: pragmas and attributes that name plugins, options and other outputs
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
#pragma GCC optimize ("-fplugin=./x.so")
#pragma GCC pch_preprocess "/dev/null"
#pragma GCC target ("arch=native")
#pragma GCC dependency "/etc/passwd"
#pragma GCC push_options
__attribute__((optimize("O3"), alias("last"))) void other();
extern "C" void last() {}
