package io.amends.sample.bank;

import io.amends.sample.web.BadInputException;
import io.amends.sample.web.ConflictException;
import io.amends.sample.web.JsonBody;
import io.amends.sample.web.NotFoundException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Opens, shows and closes accounts, and shows what the bank has as a whole. */
@RestController
class BankController {

    private static final BigDecimal MOST = new BigDecimal("1000000000000");

    private final AccountRepository accounts;
    private final Audit audit;

    BankController(AccountRepository accounts, Audit audit) {
        this.accounts = accounts;
        this.audit = audit;
    }

    /** An account as it is shown; amounts are decimal strings. */
    record View(String account, String balance, String held, String available, String status) {

        static View of(Account account) {
            return new View(
                    account.account(),
                    account.balance().toPlainString(),
                    account.held().toPlainString(),
                    account.available().toPlainString(),
                    account.status());
        }
    }

    @PostMapping("/accounts")
    @Transactional
    ResponseEntity<View> open(@RequestBody byte[] body) {
        JsonBody json = JsonBody.parse(body);
        String number = json.account("account");
        BigDecimal balance = json.amount("balance", MOST);
        if (balance.signum() < 0) {
            throw new BadInputException("balance", "An account does not begin with less than nothing.");
        }
        boolean opened = accounts.open(number, balance) > 0;
        Account account = find(number);
        if (!opened && !isEqual(balance, accounts.openedWith(number))) {
            throw new ConflictException("Account %s was opened with another balance.".formatted(number));
        }
        return ResponseEntity.status(opened ? HttpStatus.CREATED : HttpStatus.OK)
                .body(View.of(account));
    }

    @GetMapping("/accounts/{account}")
    View show(@PathVariable String account) {
        return View.of(find(account));
    }

    @PostMapping("/accounts/{account}/close")
    View close(@PathVariable String account) {
        accounts.close(account);
        return View.of(find(account));
    }

    @GetMapping("/audit")
    Audit.View audit() {
        return audit.take();
    }

    private static boolean isEqual(BigDecimal asked, @Nullable BigDecimal had) {
        return had != null && asked.compareTo(had) == 0;
    }

    private Account find(String number) {
        return accounts.findById(number)
                .orElseThrow(() -> new NotFoundException("There is no account %s here.".formatted(number)));
    }
}
