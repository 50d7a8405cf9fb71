//! Files of every kind, alone and together, as inputs and as stack outputs.
//!
//! Needs: raw.githubusercontent.com
//!
//! ```cargo
//! [dependencies]
//! pulumi-asset-archive = "5.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Archive, Asset, AssetOrArchive, Context, json};
use pulumi_asset_archive::{ArchiveResource, ArchiveResourceArgs, AssetResource, AssetResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let asset = |name: &str, value: Asset| {
        AssetResource::new(&context, name, AssetResourceArgs::new().value(value));
    };
    let archive = |name: &str, value: Archive| {
        ArchiveResource::new(&context, name, ArchiveResourceArgs::new().value(value));
    };
    asset("ass", Asset::file("../test.txt"));
    archive("arc", Archive::file("../archive.tar"));
    archive("dir", Archive::file("../folder"));
    archive(
        "assarc",
        Archive::assets([
            ("string", AssetOrArchive::Asset(Asset::text("file contents"))),
            ("file", AssetOrArchive::Asset(Asset::file("../test.txt"))),
            ("folder", AssetOrArchive::Archive(Archive::file("../folder"))),
            ("archive", AssetOrArchive::Archive(Archive::file("../archive.tar"))),
        ]),
    );
    asset("remoteass", Asset::remote(format!("{REMOTE}/test.txt")));
    archive("remotearc", Archive::remote(format!("{REMOTE}/archive.tar")));

    context.export("assetOutput", Asset::file("../test.txt"));
    context.export("archiveOutput", Archive::file("../archive.tar"));
    context.export("assetList", vec![Asset::file("../test.txt"), Asset::text("file contents")]);
    context.export("archiveList", vec![Archive::file("../archive.tar"), Archive::file("../folder")]);
    context.export(
        "assetMap",
        json!({ "file": Asset::file("../test.txt"), "string": Asset::text("file contents") }),
    );
    context.export(
        "archiveMap",
        json!({ "tar": Archive::file("../archive.tar"), "folder": Archive::file("../folder") }),
    );
    Ok(())
}

const REMOTE: &str = "https://raw.githubusercontent.com/pulumi/pulumi/7b0eb7fb10694da2f31c0d15edf671df843e0d4c/cmd/pulumi-test-language/tests/testdata/l2-resource-asset-archive";

fn main() -> ExitCode {
    pulumi::run(program)
}
