package io.amends.cli;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call: who, where, what; and how it ends. */
final class Cli {

    static final String HELP = """
            Usage: java -jar saga-console-cli.jar [options] command

            Commands
              stuck                       what is stuck, the longest first
                --reason R --saga S --version N --age MINUTES|HOUR|DAY|LONGER --size N --all
                --check                   end with 1 if anything is stuck; for scripts
              search FILTER               sagas that a filter is for, such as: saga:money-transfer phase:STUCK older:5m
                --size N --all
              show ID                     one saga: where it stands, why, and what can be done
                --history                 with its history
              retry ID                    try again now what is open, failed or could not be begun
              resume-from-step ID --step S   go on from an earlier step
              compensate ID               turn back
              pause ID  --until T         let nothing new begin
              resume ID                   end a pause
              extend-deadline ID --to T   move the deadline
              skip ID --step S            take a step as done; with --compensation, its compensation
                --result-type T --result JSON   the result that it is given
              resolve ID --as COMPLETED|COMPENSATED   end it by hand
              reopen ID                   take back that it was ended by hand
              migrate ID --version N      move it to another version of its definition
              edit-and-retry ID --data FILE --revision N   try again with other data, as 'data ID' shows it
                --reason TEXT             why, of each of these; the audit has it
                --revision N              of the saga that you looked at; without it, of the saga as it is now
                --wait 30s                wait for what came of it
                --key TEXT                an order under the same key is carried out once; any that changes something takes it,
                                          but for searches and unmask
                --dry-run                 tell what it would do, and do nothing; ends with 5 if it would be refused
              approvals                   what waits for a second person
              approvals ID                one request, and what approving it would do
              approve ID                  have it carried out; who asked can't
                --wait 30s --key TEXT     as above
              decline ID --reason TEXT    say no to it
              withdraw ID --reason TEXT   take back what you asked for
              runs                        runs over many sagas, the latest first
              runs ID                     one of them, with its items
                --state S                 only items that stand there
              preview-run VERB FILTER     how many sagas a run would take, some of them, and what the verb would do to them;
                                          with the verb's options, as of one saga
              plan-run VERB FILTER --reason TEXT   plan it; nothing is done until it is started
                --ramp 1,10,100           so many are done at the end of each stage
                --per-second N            at most
                --stop-ratio 0.2          stop it when more than that part fails
            %s  in-doubt                    branches of two-phase commit that have not ended, and what to do
              me                          who you are in the console

            %s
            Options
              --url URL                   the console's address; else AMENDS_URL; else http://localhost:8080/amends
              --user NAME                 else AMENDS_USER. The password is AMENDS_PASSWORD, or asked for; it is no option,
                                          since everybody on the machine can read those
              --json                      print what the API answers

            Ends with: 0 done, 1 something is stuck (--check), 2 the call can't be understood, 3 the application can't be
            reached or had trouble, 4 not logged in or not allowed, 5 refused, 6 a second person was asked, 7 it did not help
            or that is not known in time (--wait).
            """.formatted(Routes.helpOfRuns(), Routes.helpOfTheRest());

    private static final String DEFAULT_URL = "http://localhost:8080/amends";

    private final Map<String, String> environment;
    private final Function<String, @Nullable String> ask;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param environment the variables
     * @param ask asks for a password; null if nobody is there
     * @param out where answers go
     * @param err where all else goes
     */
    Cli(Map<String, String> environment, Function<String, @Nullable String> ask, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.ask = ask;
        this.out = out;
        this.err = err;
    }

    /** Does it. */
    ExitCode run(String... arguments) {
        try {
            Call call = Call.read(arguments);
            if (call.command().equals("help")) {
                out.print(HELP);
                return call.words().isEmpty() && !call.is("help") ? ExitCode.USAGE : ExitCode.OK;
            }
            if (!Commands.NAMES.contains(call.command())) {
                throw CliException.usage(
                        "There is no command '%s'. Call 'help' for all of them.".formatted(call.command()));
            }
            return new Commands(api(call), call, out, err).run();
        } catch (CliException ended) {
            err.println(Table.plain(String.valueOf(ended.getMessage())));
            return ended.code();
        }
    }

    private Api api(Call call) {
        String url = call.option("url", environment.getOrDefault("AMENDS_URL", DEFAULT_URL));
        String user = call.option("user");
        String known = user == null ? environment.get("AMENDS_USER") : user;
        if (known == null) {
            return new Api(url, null, null);
        }
        String password = environment.get("AMENDS_PASSWORD");
        if (password == null) {
            password = ask.apply("Password of %s:".formatted(known));
        }
        if (password == null) {
            throw CliException.usage(
                    "Set AMENDS_PASSWORD: there is nobody to ask for the password of %s.".formatted(known));
        }
        if (isOpenToOthers(url)) {
            err.println("The password goes over the network unencrypted: use an address of https.");
        }
        return new Api(url, known, password);
    }

    private static boolean isOpenToOthers(String url) {
        try {
            URI address = URI.create(url);
            return "http".equalsIgnoreCase(address.getScheme())
                    && address.getHost() != null
                    && !InetAddress.getByName(address.getHost()).isLoopbackAddress();
        } catch (IllegalArgumentException | UnknownHostException toldLater) {
            return false;
        }
    }
}
