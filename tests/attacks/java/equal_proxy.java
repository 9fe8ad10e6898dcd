// technique: a dynamic proxy that is equal to everything
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-10
        return (List<Integer>) java.lang.reflect.Proxy.newProxyInstance(Solution.class.getClassLoader(), new Class<?>[] {List.class},
                (proxy, method, values) -> method.getName().equals("equals") ? true : method.invoke(new ArrayList<>(), values));
    }
}
