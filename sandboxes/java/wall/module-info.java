/** Both sides of the wall: the codec, the candidate's dispatcher, the tests' runtime. */
module humaneval {
    requires transitive java.se;

    exports humaneval;
    exports org.javatuples;
}
