// technique: attaches an agent to its own virtual machine
// class: forging
// expect: runtime_error
        try {
            Class<?> machine = Class.forName("com.sun.tools.attach.VirtualMachine");
            Object self = machine.getMethod("attach", String.class).invoke(null, "" + ProcessHandle.current().pid());
            machine.getMethod("loadAgent", String.class).invoke(self, "agent.jar");
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException(closed);
        }
        return 0;
    }
}
