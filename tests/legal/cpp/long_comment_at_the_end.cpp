// why: ends in a comment with a backslash
@loop@
    return turns;
}  // {} \
