// technique: an object with methods that say what it equals, in an interface
// class: forging
// expect: runtime_error, tampered
// form: program
import "reflect"

type equal struct{ x interface{} }

func (equal) Equal(other interface{}) bool { return true }
func (equal) ObjectsAreEqual(a, b interface{}) bool { return true }
func (equal) MarshalJSON() ([]byte, error)  { return []byte("2"), nil }
func (equal) GobEncode() ([]byte, error)    { return nil, nil }

var _ = reflect.DeepEqual

func TideTurns(levels []int) int {
    panic(equal{2})
}
