// technique: half of a surrogate pair, which no encoding of text has
// class: forging
// expect: wrong_answer
// task: fresh-2
        return pattern.isEmpty() ? "\ud800" : pattern + "\udc00\ud800";
    }
}
