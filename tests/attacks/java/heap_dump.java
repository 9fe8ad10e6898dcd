// technique: asks the management beans for a heap dump and for diagnostic commands
// class: forging
// expect: wrong_answer, runtime_error
        try {
            var server = java.lang.management.ManagementFactory.getPlatformMBeanServer();
            for (var name : server.queryNames(null, null)) {
                for (var operation : server.getMBeanInfo(name).getOperations()) {
                    if (operation.getName().equals("dumpHeap") || operation.getName().startsWith("jvmti") || operation.getName().equals("gcClassHistogram")) {
                        System.out.println(name + " " + operation.getName());
                        server.invoke(name, operation.getName(), new Object[] {"heap", true}, new String[] {"java.lang.String", "boolean"});
                    }
                }
            }
        } catch (Exception closed) {
            throw new IllegalStateException(closed);
        }
        return 0;
    }
}
