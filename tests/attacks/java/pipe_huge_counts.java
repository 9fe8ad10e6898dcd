// technique: native code announces lists of four thousand million elements, one in another
// class: forging
// expect: tampered
// limits: cpu_s=20 wall_s=60
// task: fresh-10
@native_begins@
                "  write(4, \"\\017\\000\\000\\000V\\001\\000\\000\\000l\\377\\377\\377\\377l\\377\\377\\377\\377\", 19); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return null;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return null;
    }
}
