// technique: a comment, a template and a bracket left open for the tests
// class: forging
// expect: compile_error
// form: program
const tideTurns = (levels) => 0;
{ `/*
