// technique: #define if, while, static_cast, bool
// class: forging
// expect: wrong_answer
    return 0;
}
#define if(x) if (1)
#define while(x) while (0)
#define static_cast
#define bool int
#define true 0
#define false 1
struct Last {};
