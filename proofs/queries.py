"""The questions that are put to Coq, in Ltac2, about statements that are compiled.

They read terms as the kernel has them, so that no notation, coercion or implicit argument
can hide anything; every answer is a line of its own, a word and a path or a formula.
"""

from pathlib import Path
from typing import Final, Protocol

from ..errors import CertificateError
from .build import Build, compile_command, failure
from .lexer import squeezed
from .processes import Processes
from .sources import Sources
from .toolchain import Toolchain

__all__ = ["PRELUDE", "Questioner", "answer", "questioner"]

TIME_LIMIT = 1200.0


class Questioner(Protocol):
    """Puts questions to Coq."""

    def __call__(self, name: str, text: str, /) -> Path:
        """Compile a file of questions; return the folder of the answers.

        Each is what ``Redirect "audit/<name>"`` wrote.
        """


PRELUDE: Final = r"""
From Ltac2 Require Import Ltac2.
From Ltac2 Require Array Constr Control Env Ident Message Std.
Set Printing Width 100000.
Set Printing Depth 100000.

Ltac2 rec joined (ids : ident list) : message :=
  match ids with
  | [] => Message.of_string ""
  | i :: rest =>
      match rest with
      | [] => Message.of_ident i
      | _ :: _ =>
          Message.concat (Message.of_ident i)
            (Message.concat (Message.of_string ".") (joined rest))
      end
  end.

Ltac2 known (ids : ident list) : Std.reference :=
  match Env.get ids with
  | Some r => r
  | None => Control.throw Not_found
  end.

Ltac2 type_of (r : Std.reference) : constr := Constr.type (Env.instantiate r).

Ltac2 is_prop (t : constr) : bool :=
  Constr.equal (Std.eval_hnf (Constr.type t)) 'Prop.

Ltac2 ours (ids : ident list) : bool :=
  match ids with
  | i :: _ => Ident.equal i @LandTheory
  | [] => false
  end.

Ltac2 say (word : string) (r : Std.reference) : unit :=
  let path := Env.path r in
  let kind :=
    match ours path with
    | true => match is_prop (type_of r) with true => " proof " | false => " term " end
    | false => " term "
    end in
  Message.print (Message.concat (Message.of_string word)
    (Message.concat (Message.of_string kind) (joined path))).

Ltac2 rec walk (word : string) (t : constr) : unit :=
  let binder b := walk word (Constr.Binder.type b) in
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Cast c _ u => walk word c; walk word u
  | Constr.Unsafe.Prod b u => binder b; walk word u
  | Constr.Unsafe.Lambda b u => binder b; walk word u
  | Constr.Unsafe.LetIn b d u => binder b; walk word d; walk word u
  | Constr.Unsafe.App f args => walk word f; Array.iter (walk word) args
  | Constr.Unsafe.Constant c _ => say word (Std.ConstRef c)
  | Constr.Unsafe.Ind i _ => say word (Std.IndRef i)
  | Constr.Unsafe.Constructor c _ => say word (Std.ConstructRef c)
  | Constr.Unsafe.Case _ p _ c branches =>
      walk word p; walk word c; Array.iter (walk word) branches
  | Constr.Unsafe.Fix _ _ bs bodies => Array.iter binder bs; Array.iter (walk word) bodies
  | Constr.Unsafe.CoFix _ bs bodies => Array.iter binder bs; Array.iter (walk word) bodies
  | Constr.Unsafe.Proj _ c => walk word c
  | _ => ()
  end.

Ltac2 rec head (t : constr) : constr :=
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Cast c _ _ => head c
  | Constr.Unsafe.App f args =>
      match Constr.equal f 'is_true with
      | true => head (Array.get args 0)
      | false => head f
      end
  | _ => t
  end.

Ltac2 say_head (word : string) (t : constr) : unit :=
  let h := head t in
  match Constr.Unsafe.kind h with
  | Constr.Unsafe.Constant _ _ => walk word h
  | Constr.Unsafe.Ind _ _ => walk word h
  | Constr.Unsafe.Constructor _ _ => walk word h
  | _ => ()
  end.

Ltac2 rec anchored (t : constr) : unit :=
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Prod _ u => anchored u
  | Constr.Unsafe.LetIn _ _ u => anchored u
  | Constr.Unsafe.Cast c _ _ => anchored c
  | Constr.Unsafe.App f args =>
      let sides l r :=
        Message.print (Message.of_string "shape equation");
        say_head "left" l; walk "right" r in
      match Constr.equal f '@eq with
      | true => sides (Array.get args 1) (Array.get args 2)
      | false =>
          match Constr.equal f 'iff with
          | true => sides (Array.get args 0) (Array.get args 1)
          | false =>
              match Constr.equal f 'and with
              | true => anchored (Array.get args 0); anchored (Array.get args 1)
              | false => Message.print (Message.of_string "shape other")
              end
          end
      end
  | _ => Message.print (Message.of_string "shape other")
  end.

Ltac2 rec premises () : unit :=
  match Constr.Unsafe.kind (Control.goal ()) with
  | Constr.Unsafe.Prod b _ =>
      let t := Constr.Binder.type b in
      match is_prop t with
      | true =>
          Message.print (Message.concat (Message.of_string "premise ")
            (Message.of_constr t))
      | false => walk "binder" t; say_head "head" (Std.eval_hnf t)
      end;
      Std.intros false [Std.IntroNaming Std.IntroAnonymous];
      premises ()
  | Constr.Unsafe.LetIn _ _ _ =>
      Std.intros false [Std.IntroNaming Std.IntroAnonymous];
      premises ()
  | _ => ()
  end.

Ltac2 rec under (t : constr) : constr :=
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Lambda _ u => under u
  | Constr.Unsafe.LetIn _ _ u => under u
  | _ => t
  end.

Ltac2 applied (r : Std.reference) : unit :=
  say_head "body" (under (Std.eval_unfold [(r, Std.AllOccurrences)] (Env.instantiate r))).
"""
"""Definitions that every audit begins with."""


def questioner(
    sources: Sources, made: Build, toolchain: Toolchain, pool: Processes
) -> Questioner:
    """What puts questions about a library that is compiled."""
    folder = made.folder / "audit"
    folder.mkdir()

    def ask(name: str, text: str, /) -> Path:
        file = f"audit_{name}.v"
        (made.folder / file).write_text(text, encoding="utf-8")
        done = pool.run(
            compile_command(toolchain, sources.project, file),
            cwd=made.folder,
            timeout=TIME_LIMIT,
        )
        if done.code:
            told = failure(done)
            raise CertificateError(
                f"the audit of {name} does not compile, line {told.line}: "
                f"{squeezed(told.message)[:300]}"
            )
        return folder

    return ask


def answer(folder: Path, name: str) -> str:
    """What Coq wrote; nothing where it had nothing to say."""
    try:
        return (folder / f"{name}.out").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
