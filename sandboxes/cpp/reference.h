/* The nine headers that the reference evaluator puts in front of every program, and no other: a program that
 * forgot <map> must fail here as it fails with plain g++. */
#include <stdlib.h>
#include <algorithm>
#include <math.h>
#include <stdio.h>
#include <vector>
#include <string>
#include <climits>
#include <cstring>
#include <iostream>
