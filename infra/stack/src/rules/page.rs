//! The page `docs/POLICIES.md`.

use std::fmt::Write as _;

use super::{Of, Rule, waivers};

/// The page: every rule with what others call it, and every waiver with its reason.
pub fn page() -> String {
    let mut page = String::from(
        "# Policies\n\nGenerated from `infra/stack/src` by `./just gen`; a test keeps it true.\n\n\
         The tests check every rule against everything that each stage registers. A rule holds, or a waiver beside the \
         resource says why it does not; a waiver that nothing needs fails the tests.\n\n\
         ## Rules\n\nIdentifiers are those of AWS Foundational Security Best Practices, checkov, cdk-nag (without its prefix) \
         and AWS Guard.\n\n| # | rule | known as |\n|---|---|---|\n",
    );
    // Writing into a text cannot fail.
    for rule in Rule::ALL {
        let ids: Vec<_> = rule.ids().iter().map(|id| format!("`{id}`")).collect();
        let _ = writeln!(page, "| {} | {} | {} |", rule.number(), rule.says(), ids.join(" "));
    }
    page.push_str("\n## Waivers\n\n| # | resource | stages | why |\n|---|---|---|---|\n");
    let mut waivers = waivers();
    waivers.sort_by_key(|waiver| (waiver.rule, waiver.kind));
    for waiver in waivers {
        let of = match waiver.of {
            Of::All => String::new(),
            Of::Named(names) => format!(" {}", names.join(", ")),
        };
        let stages: Vec<_> = waiver.stages.iter().map(|stage| stage.name()).collect();
        let (number, kind) = (waiver.rule.number(), waiver.kind);
        let _ = writeln!(page, "| {number} | `{kind}`{of} | {} | {} |", stages.join(", "), waiver.reason);
    }
    page
}
