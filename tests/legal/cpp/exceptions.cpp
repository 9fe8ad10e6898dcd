// why: throws and catches
    try { levels.at(levels.size()); return -1; } catch (const exception&) {}
    try { throw 1; } catch (...) {}
@loop@
    return turns;
}
