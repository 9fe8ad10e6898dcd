// Package assert stands in for github.com/stretchr/testify/assert: the assertions that tests of functions use,
// with testify's meaning (v1.8), and each one counted. A failed assertion does not end the test. Not covered:
// the rest of testify's API, its diffs, and its acceptance of any TestingT (a *testing.T is meant).
package assert

import (
	"bytes"
	"internal/harness"
	"math"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// TestingT is what an assertion needs of a test; only Fail, where it exists, is called.
type TestingT interface {
	Errorf(format string, args ...interface{})
}

type failer interface{ Fail() }

// Assertions is a test with the assertions as methods.
type Assertions struct{ t TestingT }

// A failed assertion is rehearsed, so that the first one finds its code and memory at hand: a program could tell it by the time.
func init() {
	verdict(nil, false, "", 0, 1)
	harness.Forget()
}

// New returns the assertions of a test.
func New(t TestingT) *Assertions { return &Assertions{t} }

func verdict(t TestingT, ok bool, what string, values ...interface{}) bool {
	callers := make([]uintptr, 8) // this for a check that holds, too: none takes longer than another
	callers = callers[:runtime.Callers(2, callers)]
	f, is := t.(failer)
	number := harness.Check()
	if ok {
		return true
	}
	if !harness.IsShown() {
		values = nil
	}
	if len(values) == 2 {
		harness.Compared(values[0], values[1], func() int {
			_, line := where(callers)
			return line
		})
	}
	if is {
		f.Fail()
	} else {
		harness.Fail()
	}
	if number <= 20 {
		harness.Later(func() {
			file, line := where(callers)
			text := "    check " + strconv.Itoa(number) + " (" + file + ":" + strconv.Itoa(line) + "): " + what
			for i, value := range values {
				text += []string{" expected ", ", actual "}[i&1] + harness.Show(&value)
			}
			harness.Print(text + "\n")
		})
	}
	return false
}

// where finds the first caller outside this package.
func where(callers []uintptr) (string, int) {
	for frames, more := runtime.CallersFrames(callers), true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if file := frame.File[strings.LastIndexByte(frame.File, '/')+1:]; file != "assert.go" {
			return file, frame.Line
		}
	}
	return "tests.go", 0
}

// ObjectsAreEqual is testify's equality: bytes.Equal for two []byte, else reflect.DeepEqual.
func ObjectsAreEqual(expected, actual interface{}) bool {
	if expected == nil || actual == nil {
		return expected == actual
	}
	exp, ok := expected.([]byte)
	if !ok {
		return reflect.DeepEqual(expected, actual)
	}
	act, ok := actual.([]byte)
	if !ok {
		return false
	}
	if exp == nil || act == nil {
		return exp == nil && act == nil
	}
	return bytes.Equal(exp, act)
}

// ObjectsAreEqualValues also accepts values that are equal after conversion to the expected type.
func ObjectsAreEqualValues(expected, actual interface{}) bool {
	if ObjectsAreEqual(expected, actual) {
		return true
	}
	to := reflect.TypeOf(actual)
	if to == nil {
		return false
	}
	from := reflect.ValueOf(expected)
	return from.IsValid() && from.Type().ConvertibleTo(to) &&
		reflect.DeepEqual(from.Convert(to).Interface(), actual)
}

func isFunc(v interface{}) bool { return v != nil && reflect.TypeOf(v).Kind() == reflect.Func }

func isNil(v interface{}) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Ptr, reflect.Slice, reflect.UnsafePointer:
		return value.IsNil()
	}
	return false
}

func isEmpty(v interface{}) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Chan, reflect.Map, reflect.Slice:
		return value.Len() == 0
	case reflect.Ptr:
		return value.IsNil() || isEmpty(value.Elem().Interface())
	default:
		return reflect.DeepEqual(v, reflect.Zero(value.Type()).Interface())
	}
}

func length(v interface{}) (n int, ok bool) {
	defer func() { _ = recover() }()
	return reflect.ValueOf(v).Len(), true
}

func contains(list, element interface{}) (found bool) {
	defer func() {
		if recover() != nil {
			found = false
		}
	}()
	values := reflect.ValueOf(list)
	if values.Kind() == reflect.String {
		return strings.Contains(values.String(), reflect.ValueOf(element).String())
	}
	if values.Kind() == reflect.Map {
		for _, key := range values.MapKeys() {
			if ObjectsAreEqual(key.Interface(), element) {
				return true
			}
		}
		return false
	}
	for i := 0; i < values.Len(); i++ {
		if ObjectsAreEqual(values.Index(i).Interface(), element) {
			return true
		}
	}
	return false
}

func toFloat(v interface{}) (float64, bool) {
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(value.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(value.Uint()), true
	case reflect.Float32, reflect.Float64:
		return value.Float(), true
	}
	return 0, false
}

func inDelta(expected, actual interface{}, delta float64) bool {
	e, ok1 := toFloat(expected)
	a, ok2 := toFloat(actual)
	if !ok1 || !ok2 {
		return false
	}
	if math.IsNaN(e) && math.IsNaN(a) {
		return true
	}
	return !math.IsNaN(e) && !math.IsNaN(a) && !(e-a < -delta || e-a > delta)
}

// order compares two values of one ordered type: -1, 0 or 1.
func order(a, b interface{}) (int, bool) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if !x.IsValid() || !y.IsValid() || x.Type() != y.Type() {
		return 0, false
	}
	less, more := false, false
	switch x.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		less, more = x.Int() < y.Int(), x.Int() > y.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		less, more = x.Uint() < y.Uint(), x.Uint() > y.Uint()
	case reflect.Float32, reflect.Float64:
		less, more = x.Float() < y.Float(), x.Float() > y.Float()
	case reflect.String:
		less, more = x.String() < y.String(), x.String() > y.String()
	default:
		return 0, false
	}
	if less {
		return -1, true
	}
	if more {
		return 1, true
	}
	return 0, true
}

func ordered(a, b interface{}, wanted ...int) bool {
	result, ok := order(a, b)
	for _, want := range wanted {
		if ok && result == want {
			return true
		}
	}
	return false
}

func sameElements(a, b interface{}) bool {
	if isEmpty(a) && isEmpty(b) {
		return true
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	isList := func(k reflect.Kind) bool { return k == reflect.Slice || k == reflect.Array }
	if !isList(x.Kind()) || !isList(y.Kind()) || x.Len() != y.Len() {
		return false
	}
	used := make([]bool, y.Len())
next:
	for i := 0; i < x.Len(); i++ {
		for j := range used {
			if !used[j] && ObjectsAreEqual(x.Index(i).Interface(), y.Index(j).Interface()) {
				used[j] = true
				continue next
			}
		}
		return false
	}
	return true
}

func panics(f func()) (did bool) {
	did = true
	defer func() { _ = recover() }()
	f()
	return false
}

func hasLength(object interface{}, size int) bool {
	n, ok := length(object)
	return ok && n == size
}

// What follows are testify's assertions, each as a function and as a method.

func Equal(t TestingT, expected, actual interface{}, msg ...interface{}) bool {
	return verdict(t, !isFunc(expected) && !isFunc(actual) && ObjectsAreEqual(expected, actual), "Equal", expected, actual)
}
func (a *Assertions) Equal(expected, actual interface{}, msg ...interface{}) bool {
	return Equal(a.t, expected, actual)
}

func NotEqual(t TestingT, expected, actual interface{}, msg ...interface{}) bool {
	return verdict(t, !isFunc(expected) && !isFunc(actual) && !ObjectsAreEqual(expected, actual), "NotEqual", expected, actual)
}
func (a *Assertions) NotEqual(expected, actual interface{}, msg ...interface{}) bool {
	return NotEqual(a.t, expected, actual)
}

func EqualValues(t TestingT, expected, actual interface{}, msg ...interface{}) bool {
	return verdict(t, ObjectsAreEqualValues(expected, actual), "EqualValues", expected, actual)
}
func (a *Assertions) EqualValues(expected, actual interface{}, msg ...interface{}) bool {
	return EqualValues(a.t, expected, actual)
}

func Exactly(t TestingT, expected, actual interface{}, msg ...interface{}) bool {
	return verdict(t, reflect.TypeOf(expected) == reflect.TypeOf(actual) && ObjectsAreEqual(expected, actual), "Exactly", expected, actual)
}
func (a *Assertions) Exactly(expected, actual interface{}, msg ...interface{}) bool {
	return Exactly(a.t, expected, actual)
}

func True(t TestingT, value bool, msg ...interface{}) bool {
	return verdict(t, value, "True", true, value)
}
func (a *Assertions) True(value bool, msg ...interface{}) bool { return True(a.t, value) }

func False(t TestingT, value bool, msg ...interface{}) bool {
	return verdict(t, !value, "False", false, value)
}
func (a *Assertions) False(value bool, msg ...interface{}) bool { return False(a.t, value) }

func Nil(t TestingT, object interface{}, msg ...interface{}) bool {
	return verdict(t, isNil(object), "Nil", nil, object)
}
func (a *Assertions) Nil(object interface{}, msg ...interface{}) bool { return Nil(a.t, object) }

func NotNil(t TestingT, object interface{}, msg ...interface{}) bool {
	return verdict(t, !isNil(object), "NotNil")
}
func (a *Assertions) NotNil(object interface{}, msg ...interface{}) bool { return NotNil(a.t, object) }

func NoError(t TestingT, err error, msg ...interface{}) bool {
	return verdict(t, err == nil, "NoError")
}
func (a *Assertions) NoError(err error, msg ...interface{}) bool { return NoError(a.t, err) }

func Error(t TestingT, err error, msg ...interface{}) bool     { return verdict(t, err != nil, "Error") }
func (a *Assertions) Error(err error, msg ...interface{}) bool { return Error(a.t, err) }

func Empty(t TestingT, object interface{}, msg ...interface{}) bool {
	return verdict(t, isEmpty(object), "Empty")
}
func (a *Assertions) Empty(object interface{}, msg ...interface{}) bool { return Empty(a.t, object) }

func NotEmpty(t TestingT, object interface{}, msg ...interface{}) bool {
	return verdict(t, !isEmpty(object), "NotEmpty")
}
func (a *Assertions) NotEmpty(object interface{}, msg ...interface{}) bool {
	return NotEmpty(a.t, object)
}

func Zero(t TestingT, object interface{}, msg ...interface{}) bool {
	return verdict(t, object == nil || reflect.DeepEqual(object, reflect.Zero(reflect.TypeOf(object)).Interface()), "Zero")
}
func (a *Assertions) Zero(object interface{}, msg ...interface{}) bool { return Zero(a.t, object) }

func Len(t TestingT, object interface{}, size int, msg ...interface{}) bool {
	return verdict(t, hasLength(object, size), "Len", size, object)
}
func (a *Assertions) Len(object interface{}, size int, msg ...interface{}) bool {
	return Len(a.t, object, size)
}

func InDelta(t TestingT, expected, actual interface{}, delta float64, msg ...interface{}) bool {
	return verdict(t, inDelta(expected, actual, delta), "InDelta", expected, actual)
}
func (a *Assertions) InDelta(expected, actual interface{}, delta float64, msg ...interface{}) bool {
	return InDelta(a.t, expected, actual, delta)
}

func Greater(t TestingT, e1, e2 interface{}, msg ...interface{}) bool {
	return verdict(t, ordered(e1, e2, 1), "Greater", e1, e2)
}
func (a *Assertions) Greater(e1, e2 interface{}, msg ...interface{}) bool {
	return Greater(a.t, e1, e2)
}

func GreaterOrEqual(t TestingT, e1, e2 interface{}, msg ...interface{}) bool {
	return verdict(t, ordered(e1, e2, 0, 1), "GreaterOrEqual", e1, e2)
}
func (a *Assertions) GreaterOrEqual(e1, e2 interface{}, msg ...interface{}) bool {
	return GreaterOrEqual(a.t, e1, e2)
}

func Less(t TestingT, e1, e2 interface{}, msg ...interface{}) bool {
	return verdict(t, ordered(e1, e2, -1), "Less", e1, e2)
}
func (a *Assertions) Less(e1, e2 interface{}, msg ...interface{}) bool { return Less(a.t, e1, e2) }

func LessOrEqual(t TestingT, e1, e2 interface{}, msg ...interface{}) bool {
	return verdict(t, ordered(e1, e2, -1, 0), "LessOrEqual", e1, e2)
}
func (a *Assertions) LessOrEqual(e1, e2 interface{}, msg ...interface{}) bool {
	return LessOrEqual(a.t, e1, e2)
}

func Contains(t TestingT, list, element interface{}, msg ...interface{}) bool {
	return verdict(t, contains(list, element), "Contains", element, list)
}
func (a *Assertions) Contains(list, element interface{}, msg ...interface{}) bool {
	return Contains(a.t, list, element)
}

func NotContains(t TestingT, list, element interface{}, msg ...interface{}) bool {
	return verdict(t, !contains(list, element), "NotContains", element, list)
}
func (a *Assertions) NotContains(list, element interface{}, msg ...interface{}) bool {
	return NotContains(a.t, list, element)
}

func ElementsMatch(t TestingT, listA, listB interface{}, msg ...interface{}) bool {
	return verdict(t, sameElements(listA, listB), "ElementsMatch", listA, listB)
}
func (a *Assertions) ElementsMatch(listA, listB interface{}, msg ...interface{}) bool {
	return ElementsMatch(a.t, listA, listB)
}

func Panics(t TestingT, f func(), msg ...interface{}) bool     { return verdict(t, panics(f), "Panics") }
func (a *Assertions) Panics(f func(), msg ...interface{}) bool { return Panics(a.t, f) }

func NotPanics(t TestingT, f func(), msg ...interface{}) bool {
	return verdict(t, !panics(f), "NotPanics")
}
func (a *Assertions) NotPanics(f func(), msg ...interface{}) bool { return NotPanics(a.t, f) }

func Fail(t TestingT, text string, msg ...interface{}) bool     { return verdict(t, false, text) }
func (a *Assertions) Fail(text string, msg ...interface{}) bool { return Fail(a.t, text) }
