package org.bpfz.oracle.model;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.spec.engine.Engine;
import org.jspecify.annotations.Nullable;

/** The engines that there are, by name: each module registers its own as a service. */
public final class Engines {
    /** The specification's machine, which is always there. */
    public static final String SPECIFICATION = "spec";

    private static final List<String> FASTEST_FIRST = List.of("jit", "interpreter", SPECIFICATION);

    private Engines() {
    }

    /** All of them, the specification first. */
    public static List<Engine> all() {
        return ServiceLoader.load(Engine.class).stream().map(ServiceLoader.Provider::get)
                .sorted((a, b) -> Boolean.compare(isSpecification(b), isSpecification(a))).toList();
    }

    private static boolean isSpecification(Engine engine) {
        return engine.name().equals(SPECIFICATION);
    }

    /** The engine that runs programs fastest of those that there are. */
    private static Engine fastest() {
        List<Engine> engines = all();
        return FASTEST_FIRST.stream().flatMap(name -> engines.stream().filter(engine -> engine.name().equals(name)))
                .findFirst().orElse(engines.getFirst());
    }

    /**
     * The engine of that name, or the fastest one for null.
     *
     * @throws UnavailableException if there is none of that name
     */
    public static Engine namedOrFastest(@Nullable String name) {
        return name == null ? fastest() : named(name);
    }

    /**
     * The engine of that name.
     *
     * @throws UnavailableException if there is none
     */
    public static Engine named(String name) {
        return all().stream().filter(engine -> engine.name().equals(name)).findFirst()
                .orElseThrow(() -> new UnavailableException("there is no engine '" + name + "'; there is "
                        + all().stream().map(Engine::name).collect(Collectors.joining(", "))));
    }
}
