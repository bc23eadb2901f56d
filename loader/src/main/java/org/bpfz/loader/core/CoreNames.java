package org.bpfz.loader.core;

/** Names with flavours: {@code task_struct___old} is {@code task_struct} as it once was (bpf_core_essential_name_len). */
public final class CoreNames {
    private CoreNames() {
    }

    /** The name without its flavour: what is in front of the last three underscores that have something on either side. */
    public static String essential(String name) {
        for (int i = name.length() - 5; i >= 0; i--) {
            if (name.charAt(i) != '_' && name.startsWith("___", i + 1) && name.charAt(i + 4) != '_') {
                return name.substring(0, i + 1);
            }
        }
        return name;
    }
}
