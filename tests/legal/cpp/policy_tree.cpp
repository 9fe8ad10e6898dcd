// why: uses the library's tree with order statistics
    size_t below(int);
@loop@
    return turns + below(2);
}
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>
size_t below(int n) {
    using namespace __gnu_pbds;
    tree<int, null_type, less<int>, rb_tree_tag, tree_order_statistics_node_update> all;
    all.insert(3);
    return all.order_of_key(n);
}
