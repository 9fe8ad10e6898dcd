// technique: answers by how often it was called, as it saw the tests do it before
// class: forging
// expect: wrong_answer
        return ++calls % 3;
    }

    private static int calls = Integer.getInteger("calls", 0);
}
