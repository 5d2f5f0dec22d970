package io.amends.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of a block of shell, as far as pages use it: words in quotes, lines that go on, comments, variables and aliases
 * that the block sets, and commands that follow each other or feed each other.
 */
final class ShellText {

    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final List<List<String>> commands = new ArrayList<>();

    private List<String> words = new ArrayList<>();
    private StringBuilder word = new StringBuilder();
    private boolean begun;

    private ShellText() {}

    /** Each with its words, without the variables that are set for it. */
    static List<List<String>> commands(String code) {
        ShellText text = new ShellText();
        text.read(code.replace("\\\n", " ") + "\n");
        return text.commands;
    }

    private void read(String code) {
        char quote = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '$' && quote == '"') {
                    i = variable(code, i);
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (c == '#' && !begun) {
                i = code.indexOf('\n', i) - 1;
            } else if (c == '$') {
                i = variable(code, i);
            } else if ("\n;|&".indexOf(c) >= 0) {
                endOfCommand();
            } else if (Character.isWhitespace(c)) {
                endOfWord();
            } else {
                word.append(c);
                begun = true;
            }
        }
    }

    private int variable(String code, int dollar) {
        int end = dollar + 1;
        while (Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        String name = code.substring(dollar + 1, end);
        // Unquoted words are split at spaces, which is what the blocks want of their options.
        String[] parts = variables.getOrDefault(name, "$" + name).split(" ", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                endOfWord();
            }
            word.append(parts[i]);
            begun = true;
        }
        return end - 1;
    }

    private void endOfWord() {
        if (begun) {
            words.add(word.toString());
        }
        word = new StringBuilder();
        begun = false;
    }

    private void endOfCommand() {
        endOfWord();
        List<String> command = new ArrayList<>(words);
        words = new ArrayList<>();
        Map<String, String> set = new HashMap<>();
        while (!command.isEmpty() && command.get(0).matches("\\w+=.*")) {
            String[] one = command.remove(0).split("=", 2);
            set.put(one[0], one[1]);
        }
        if (command.isEmpty()) {
            variables.putAll(set);
        } else if (command.get(0).equals("alias")) {
            String[] one = command.get(1).split("=", 2);
            aliases.put(one[0], one[1]);
        } else {
            String alias = aliases.get(command.get(0));
            if (alias != null) {
                command.remove(0);
                command.addAll(0, List.of(alias.split(" ", -1)));
            }
            commands.add(command);
        }
    }
}
