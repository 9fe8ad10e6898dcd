/**
 * The tests' own module: their classes (TestGuard moves them here) and Checks.
 *
 * <p>No class of it is public and no package of it is open, so the candidate, in the unnamed module, can neither name
 * nor call nor reflect on what is in it, even with a Class object that the stack gave away.
 */
module tests {
    requires transitive java.se;

    exports tests; // of nothing public: a module that exports nothing would not be there at start
}
