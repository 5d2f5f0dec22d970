package io.amends.benchmarks.twopc.bank;

import io.amends.benchmarks.twopc.process.Answering;
import io.amends.benchmarks.twopc.process.RoleContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** The process of a bank. Understands {@code open name=value ...} and {@code close}. */
public final class BankProcess implements Answering.Questioned {

    private final String name;
    private @Nullable ConfigurableApplicationContext context;

    /** Opens nothing yet. */
    public BankProcess(String name) {
        this.name = name;
    }

    @Override
    public String answer(List<String> words) {
        switch (words.get(0)) {
            case "open" -> context = RoleContext.open(BankRole.class, name, words.subList(1, words.size()));
            case "close" -> {
                if (context != null) {
                    context.close();
                    context = null;
                }
            }
            default -> throw new IllegalArgumentException("A bank does not understand " + words);
        }
        return "done";
    }
}
